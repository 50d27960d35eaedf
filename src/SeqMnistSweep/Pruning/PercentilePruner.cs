using static SeqMnistSweep.SearchSpaces.TrainableParameter;

namespace SeqMnistSweep.Pruning;

/// <summary>The percentile and median stopping rules as Optuna has them: a trial stops when its best value so far is worse than the best
/// <paramref name="keep"/> per cent, over the completed trials, of the values they reported at the same epoch (Golovin et al. 2017, "Google
/// Vizier", section 3.2.1, has the median). Of several metrics a trial's place among them at that epoch is by fronts.</summary>
/// <param name="startup">Completed trials needed before the first trial is stopped.</param>
/// <param name="warmup">Epochs at the start of a trial in which it is never stopped.</param>
internal sealed class PercentilePruner(double keep, int startup, int warmup) : IPruner
{
    private static readonly TrainableParameter<long> Startup = Integer(
        "startup", 5, 0, int.MaxValue, "Trials that must have ended before any is stopped.");

    private static readonly TrainableParameter<long> Warmup = Integer(
        "warmup", 1, 0, int.MaxValue, "Epochs of every trial that are never judged.");
    private static readonly TrainableParameter<double> Kept = Real(
        "percentile", 25, 0, 100, "How many per cent count as the best: 50 is the median.", openMin: true);

    public static PrunerType Median { get; } = new(
        "median",
        "Stops a trial whose best value so far is worse than the median of the others' at the same epoch.",
        [Startup, Warmup],
        settings => Create(50, settings));

    public static PrunerType Percentile { get; } = new(
        "percentile",
        "Stops a trial whose best value so far is not within the best per cent of the others' at the same epoch.",
        [Kept, Startup, Warmup],
        settings => Create(Kept.In(settings), settings));

    public bool IsRung(int epoch) => epoch > warmup;

    /// <remarks>A trial whose every value so far is NaN stops. Others without a value at this epoch do not count.</remarks>
    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others)
    {
        var epoch = trial.Values.Count;
        var completed = others.Where(other => other.State == TrialState.Completed).ToList();
        if (!IsRung(epoch) || completed.Count < startup) return Verdict.Continue;

        if (trial.Others.Count > 0)
        {
            var order = RungOrder.Among(trial, completed, epoch);
            return order.Better > keep / 100 * (order.Of - 1) ? Verdict.Stop : Verdict.Continue;
        }

        var atEpoch = completed.Where(other => other.Values.Count >= epoch).Select(other => other.Values[epoch - 1])
            .Where(double.IsFinite).Order().ToList();
        if (atEpoch.Count == 0) return Verdict.Continue;

        var best = trial.Best;
        return double.IsNaN(best) || best < Cutoff(atEpoch) ? Verdict.Stop : Verdict.Continue;
    }

    /// <summary>Between two values on the straight line between them, as numpy's percentile.</summary>
    private double Cutoff(List<double> sorted)
    {
        var place = (1 - keep / 100) * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static PercentilePruner Create(double keep, ParameterSet settings) =>
        new(keep, (int)Startup.In(settings), (int)Warmup.In(settings));
}
