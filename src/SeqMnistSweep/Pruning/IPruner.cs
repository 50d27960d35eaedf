using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Pruning;

/// <summary>Judges reports: may this trial go on? A pruner keeps nothing; it sees all curves of the sweep each time.</summary>
public interface IPruner
{
    /// <summary>Whether the runner waits for the verdict after this epoch. Elsewhere it trains on without one.</summary>
    bool IsRung(int epoch);

    /// <param name="trial">The curve that was just extended; its last entry is the epoch to judge.</param>
    /// <param name="others">Every other trial's curve.</param>
    Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others);
}

/// <summary>A trial's values of the sweep's metric by epoch: <c>Values[0]</c> is epoch 1; NaN where the report lacked it. Larger is better (minimised metrics are negated).</summary>
public sealed record LearningCurve(int Trial, TrialState State, IReadOnlyList<double> Values);
