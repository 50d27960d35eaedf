using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>What of a sweep says why it waits.</summary>
/// <param name="Leased">Granted, not started yet.</param>
/// <param name="Until">When the first back-off ends, where nothing else is left to start.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepStanding")]
public sealed record SweepStanding(
    [property: Id(0)] SweepId Sweep,
    [property: Id(1)] SweepState State,
    [property: Id(2)] int Running,
    [property: Id(3)] int Leased,
    [property: Id(4)] int? MaxParallel,
    [property: Id(5)] DateTimeOffset? Until,
    [property: Id(6)] Fit Fit);
