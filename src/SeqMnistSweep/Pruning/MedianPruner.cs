using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Pruning;

/// <summary>
/// The median stopping rule as Optuna's MedianPruner has it: a trial stops when its best value so far is worse than the median,
/// over the completed trials, of the values they reported at the same epoch (Golovin et al. 2017, "Google Vizier", section 3.2.1).
/// </summary>
/// <param name="startup">Completed trials needed before the first trial is stopped.</param>
/// <param name="warmup">Epochs at the start of a trial in which it is never stopped.</param>
public sealed class MedianPruner(int startup, int warmup) : IPruner
{
    public bool IsRung(int epoch) => epoch > warmup;

    /// <remarks>A trial whose every value so far is NaN stops. Others without a value at this epoch do not count for the median.</remarks>
    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others)
    {
        var epoch = trial.Values.Count;
        var completed = others.Where(other => other.State == TrialState.Completed).ToList();
        if (!IsRung(epoch) || completed.Count < startup)
        {
            return Verdict.Continue;
        }

        var atEpoch = completed.Where(other => other.Values.Count >= epoch).Select(other => other.Values[epoch - 1])
            .Where(value => !double.IsNaN(value)).Order().ToList();
        if (atEpoch.Count == 0)
        {
            return Verdict.Continue;
        }

        var middle = atEpoch.Count / 2;
        var median = atEpoch.Count % 2 == 1 ? atEpoch[middle] : (atEpoch[middle - 1] + atEpoch[middle]) / 2;
        var best = trial.Values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Max();
        return double.IsNaN(best) || best < median ? Verdict.Stop : Verdict.Continue;
    }
}
