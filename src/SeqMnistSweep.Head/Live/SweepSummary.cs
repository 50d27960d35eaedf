using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Head.Live;

/// <summary>What a page shows of a sweep at first sight, and again whenever it changes.</summary>
/// <param name="Metrics">What the search is for, the sweep's metric first.</param>
/// <param name="Running">The first of them by number, <see cref="SummaryReader.MaxRunning"/> at most; <paramref name="RunningCount"/> says
/// how many there are.</param>
/// <param name="RanSeconds">Seconds in which at least one of its trials ran.</param>
/// <param name="Confirm">What its best would be confirmed with, unless one says otherwise; null where they cannot be.</param>
/// <param name="Waits">Why nothing runs, as a sentence; null while something does or when the sweep has ended.</param>
public sealed record SweepSummary(
    SweepRow Sweep, IReadOnlyList<MetricGoal> Metrics, TrialSummary? Best, int RunningCount, IReadOnlyList<RunningTrial> Running,
    IReadOnlyList<FailureCount> Failures, Eta? Eta, string? Waits,
    ConfirmPlan? Confirm, double RanSeconds, long LastEvent);
