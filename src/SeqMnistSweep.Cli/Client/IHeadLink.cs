namespace SeqMnistSweep.Cli.Client;

/// <summary>A connection to the grains of a head.</summary>
internal interface IHeadLink : IAsyncDisposable
{
    IHeadGrain Head { get; }

    ISweepGrain Sweep(SweepId sweep);
}
