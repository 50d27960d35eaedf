namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Categories of Orleans' log.</summary>
internal static class OrleansLog
{
    /// <summary>Takes a machine that slept, or is busy, for a deadlock.</summary>
    public const string Watchdog = "Orleans.Runtime.Watchdog";
}
