using SeqMnistSweep.Fronts;

namespace SeqMnistSweep.Pruning;

/// <summary>Population based training (Jaderberg et al. 2017) in step: every member pauses after each interval, and when all have arrived
/// the last quantile makes room for copies of members of the first one, who go on from their checkpoints with changed parameters. What
/// comes of it depends on the results alone, neither on the number of workers nor on who was first.</summary>
/// <param name="size">Members at the start; failed ones are not replaced.</param>
internal sealed class PopulationPromoter(int size, PopulationPlan plan, long seed, ParameterMutation mutation) : IPromoter
{
    public bool IsRung(int epoch) => epoch % plan.Interval == 0;

    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others) =>
        IsRung(trial.Values.Count) ? Verdict.Pause : Verdict.Continue;

    public Verdict JudgeAtOnce(LearningCurve trial, IEnumerable<LearningCurve> others) => Verdict.Continue;

    public IReadOnlyList<Promotion> Next(IReadOnlyCollection<LearningCurve> trials, bool isLast)
    {
        var waiting = trials.Where(trial => trial.State == TrialState.Paused).ToList();
        if (waiting.Count == 0 || (trials.Count < size && !isLast)) return [];

        var epoch = waiting.Min(trial => trial.Values.Count) / plan.Interval * plan.Interval;
        if (trials.Any(trial => !trial.State.IsFinal() && trial.Values.Count < epoch)) return [];

        var ranked = Ranked([.. waiting.Where(trial => trial.Values.Count / plan.Interval * plan.Interval == epoch)], epoch);
        var share = Math.Min((int)Math.Ceiling(plan.Quantile * ranked.Count), ranked.Count / 2);
        return [.. ranked.Select((trial, place) => Decide(trial, place, ranked, share, epoch))];
    }

    /// <summary>The best first; of several metrics by fronts.</summary>
    private static List<LearningCurve> Ranked(List<LearningCurve> trials, int epoch)
    {
        if (trials.Exists(trial => trial.Others.Count > 0))
        {
            trials.Sort((a, b) => a.Trial.CompareTo(b.Trial));
            return Pareto.Best(trials.ConvertAll(trial => trial.LossesAt(epoch)), trials.Count).ConvertAll(place => trials[place.Index]);
        }

        return [.. trials.OrderByDescending(trial => double.IsNaN(trial.At(epoch)) ? double.NegativeInfinity : trial.At(epoch))
            .ThenBy(trial => trial.Trial)];
    }

    private Promotion Decide(LearningCurve trial, int place, List<LearningCurve> ranked, int share, int epoch)
    {
        var rank = string.Create(CultureInfo.InvariantCulture, $"number {place + 1} of {ranked.Count} after epoch {epoch}");
        if (place < ranked.Count - share) return new Promotion(trial.Trial, rank);

        var chance = new SplitMix64(RandomSeed.Derive(seed, "exploit", epoch, trial.Trial));
        var model = ranked[(int)(chance.NextUnit() * share)];
        return new Promotion(trial.Trial, $"{rank}: a copy of trial {model.Trial} takes its place")
        {
            Instead = new Replacement(model.Trial, mutation.Of(model.Parameters, ref chance)),
        };
    }
}
