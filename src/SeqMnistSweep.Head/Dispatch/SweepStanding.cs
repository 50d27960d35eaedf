namespace SeqMnistSweep.Head.Dispatch;

/// <summary>What of a sweep says why it waits.</summary>
/// <param name="Leased">Granted, not started yet.</param>
/// <param name="Until">When the first back-off ends, where nothing else is left to start.</param>
internal sealed record SweepStanding(
    SweepId Sweep, SweepState State, int Running, int Leased, int? MaxParallel, DateTimeOffset? Until, Fit Fit);
