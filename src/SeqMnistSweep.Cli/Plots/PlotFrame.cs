namespace SeqMnistSweep.Cli.Plots;

/// <summary>A canvas between its axes: the largest and smallest values at the left, the ends of the horizontal axis below.</summary>
internal sealed class PlotFrame
{
    private const int Margin = 10;
    private const int Narrowest = 20;

    private readonly ConsoleProfile _profile;
    private readonly Scale _y;

    public PlotFrame(ConsoleProfile profile, int height, Scale y)
    {
        _profile = profile;
        _y = y;
        Canvas = new Canvas(Math.Max(Narrowest, (profile.Width ?? 80) - Margin - 2), height, profile.Unicode);
    }

    public Canvas Canvas { get; }

    /// <param name="below">Labels along the horizontal axis, each with its place from 0 to 1.</param>
    public void Write(TextWriter writer, string title, params IReadOnlyList<(double At, string Text)> below) =>
        Write(writer, title, row => Canvas.Row(row, _profile.Colour), below);

    /// <param name="line">One row from above, in the place of the canvas.</param>
    /// <inheritdoc cref="Write(TextWriter, string, IReadOnlyList{ValueTuple{double, string}})"/>
    public void Write(TextWriter writer, string title, Func<int, string> line, IReadOnlyList<(double At, string Text)> below)
    {
        writer.WriteLine(_profile.Bold(TableOutput.Plain(title)));
        for (var row = 0; row < Canvas.Height; row++)
        {
            var label = row == 0 ? Cell.Number(_y.High) : row == Canvas.Height - 1 ? Cell.Number(_y.Low) : "";
            var margin = label[..Math.Min(label.Length, Margin - 1)].PadLeft(Margin - 1);
            writer.WriteLine($"{margin} {(_profile.Unicode ? '│' : '|')}{line(row)}".TrimEnd());
        }

        var (corner, edge) = _profile.Unicode ? ('└', '─') : ('+', '-');
        writer.WriteLine(new string(' ', Margin) + corner + new string(edge, Canvas.Width));
        writer.WriteLine(Labels(below).TrimEnd());
    }

    /// <summary>Each label centred at its place, as far as there is room; one that would touch another is left out.</summary>
    private string Labels(IReadOnlyList<(double At, string Text)> labels)
    {
        var line = new string(' ', Margin + 1 + Canvas.Width).ToCharArray();
        // The ends first: they tell more than what is between.
        foreach (var (at, text) in labels.OrderByDescending(label => Math.Abs(label.At - 0.5)))
        {
            var plain = TableOutput.Plain(text);
            plain = plain[..Math.Min(plain.Length, Canvas.Width)];
            var start = Margin + 1 + Math.Clamp(
                (int)Math.Round(at * (Canvas.Width - 1)) - (plain.Length / 2), 0, Canvas.Width - plain.Length);
            if (Enumerable.Range(start - 1, plain.Length + 2).All(i => i >= line.Length || i < Margin || line[i] == ' '))
            {
                plain.CopyTo(0, line, start, plain.Length);
            }
        }

        return new string(line);
    }
}

/// <summary>One kind of plot.</summary>
/// <param name="Table">What is drawn, as numbers: all that a pipe, -o json or -o csv gets.</param>
/// <param name="Draw">Draws it on a terminal.</param>
internal sealed record Plot(TableOutput Table, Action<TextWriter, ConsoleProfile> Draw)
{
    public const int Height = 15;
}

/// <summary>Numbers on the unit interval.</summary>
internal readonly record struct Scale(double Low, double High)
{
    /// <summary>From the smallest to the largest of the finite ones; around the only one.</summary>
    public static Scale Of(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToList();
        return finite.Count == 0 ? new Scale(0, 1)
            : finite.Max() > finite.Min() ? new Scale(finite.Min(), finite.Max())
            : new Scale(
                finite[0] - (finite[0] == 0 ? 1 : Math.Abs(finite[0]) / 10), finite[0] + (finite[0] == 0 ? 1 : Math.Abs(finite[0]) / 10));
    }

    public double PositionOf(double value) => (value - Low) / (High - Low);
}
