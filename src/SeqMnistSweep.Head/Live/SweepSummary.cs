using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Head.Live;

/// <summary>What a page shows of a sweep at first sight, and again whenever it changes.</summary>
/// <param name="Running">The first of them by number, <see cref="SummaryReader.MostRunning"/> at most; <paramref name="RunningCount"/> says how many there are.</param>
/// <param name="Waits">Why nothing runs, as a sentence; null while something does or when the sweep has ended.</param>
public sealed record SweepSummary(
    SweepRow Sweep,
    BestTrial? Best,
    int RunningCount,
    IReadOnlyList<RunningNow> Running,
    IReadOnlyList<FailureCount> Failures,
    Eta? Eta,
    string? Waits,
    long LastEvent);

/// <param name="Value">In the sweep's metric.</param>
/// <param name="Params">A JSON object.</param>
public sealed record BestTrial(long Number, double? Value, long? Epoch, string Params, long Seed);

/// <param name="Curve">Its metric epoch by epoch, the last ones.</param>
public sealed record RunningNow(BestTrial Trial, string Worker, long Attempt, ProgressNow? Progress, IReadOnlyList<double?> Curve);

public sealed record ProgressNow(int Epoch, int Epochs, int Batch, int Batches, double Loss, double BatchesPerSecond, double? SecondsLeft);

