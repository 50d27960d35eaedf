using SeqMnistSweep.Fronts;

namespace SeqMnistSweep.Pruning;

/// <summary>Asynchronous successive halving as the paper has it (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning",
/// algorithm 2): every trial pauses at every rung, and goes on once it is among the best 1/eta of those that have been there.</summary>
internal sealed class AshaPromoter(RungLadder ladder, double eta) : IPromoter
{
    public bool IsRung(int epoch) => ladder.IsRung(epoch);

    public ImmutableArray<int> Ladder => ladder.Rungs;

    /// <remarks>Who has no value yet cannot be compared, and goes on.</remarks>
    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others) =>
        ladder.JustReached(trial) is { } rung && !double.IsNaN(trial.At(rung)) ? Verdict.Pause : Verdict.Continue;

    public Verdict JudgeAtOnce(LearningCurve trial, IEnumerable<LearningCurve> others) => new AshaPruner(ladder, eta).Judge(trial, others);

    /// <remarks>Higher rungs first; of one rung the best, ties to the earlier trial: by value, of several metrics by fronts and within a
    /// front by the distance to the neighbours. One that failed later counts as the worst. With final
    /// ranks one trial passes every rung that one has reached, however few have: a small sweep completes at least its best.</remarks>
    public IReadOnlyList<Promotion> Next(IReadOnlyCollection<LearningCurve> trials, bool isLast)
    {
        for (var i = ladder.Rungs.Length - 1; i >= 0; i--)
        {
            var rung = ladder.Rungs[i];
            for (var bracket = 0; bracket <= i && bracket < ladder.Brackets; bracket++)
            {
                if (Next(trials, rung, bracket, isLast) is { } promotion) return [promotion];
            }
        }

        return [];
    }

    private Promotion? Next(IReadOnlyCollection<LearningCurve> trials, int rung, int bracket, bool isLast)
    {
        var there = trials.Where(
            trial => trial.Values.Count >= rung && ladder.BracketOf(trial.Configuration) == bracket && !double.IsNaN(trial.At(rung)));

        var isByFronts = trials.Any(trial => trial.Others.Count > 0);
        if ((isByFronts ? ByFronts(there, rung) : ByValue(there, rung)) is not var (best, place, of)) return null;

        var places = Math.Max(isLast ? 1 : 0, (int)(of / eta));
        return place <= places
            ? new Promotion(best.Trial, $"number {place} of {of}{(isByFronts ? " by fronts" : "")} after epoch {rung}")
            : null;
    }

    /// <returns>The best of those that wait at the rung, with its place among all; null where none does.</returns>
    private (LearningCurve Best, int Place, int Of)? ByValue(IEnumerable<LearningCurve> there, int rung)
    {
        if (there.Where(trial => Waits(trial, rung)).MaxBy(trial => (trial.At(rung), -trial.Trial)) is not { } best) return null;

        var ranked = there.Select(trial => (Value: HasFailed(trial) ? double.NegativeInfinity : trial.At(rung), trial.Trial)).ToList();
        var place = 1 + ranked.Count(other => other.Value > best.At(rung) || (other.Value == best.At(rung) && other.Trial < best.Trial));
        return (best, place, ranked.Count);
    }

    private (LearningCurve Best, int Place, int Of)? ByFronts(IEnumerable<LearningCurve> there, int rung)
    {
        var trials = there.OrderBy(trial => trial.Trial).ToList();
        if (!trials.Exists(trial => Waits(trial, rung))) return null;

        var losses = trials.ConvertAll(trial =>
            HasFailed(trial) ? [.. Enumerable.Repeat(double.MaxValue, trial.Others.Count + 1)] : trial.LossesAt(rung));
        var order = Pareto.Best(losses, trials.Count);
        var at = order.FindIndex(place => Waits(trials[place.Index], rung));
        return (trials[order[at].Index], at + 1, trials.Count);
    }

    private bool Waits(LearningCurve trial, int rung) => trial.State == TrialState.Paused && ladder.Reached(trial) == rung;

    private static bool HasFailed(LearningCurve trial) => trial.State is TrialState.Failed or TrialState.Cancelled;
}
