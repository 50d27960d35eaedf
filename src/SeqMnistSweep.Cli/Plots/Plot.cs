namespace SeqMnistSweep.Cli.Plots;

/// <summary>One kind of plot.</summary>
/// <param name="Table">What is drawn, as numbers: all that a pipe, -o json or -o csv gets.</param>
/// <param name="Draw">Draws it on a terminal.</param>
internal sealed record Plot(TableOutput Table, Action<TextWriter, ConsoleProfile> Draw)
{
    public const int Height = 15;
}
