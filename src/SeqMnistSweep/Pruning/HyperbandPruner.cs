using static SeqMnistSweep.SearchSpaces.TrainableParameter;

namespace SeqMnistSweep.Pruning;

/// <summary>What W&amp;B Sweeps call hyperband: one bracket of bands. A trial is held against the last band that it has passed, at every
/// report, for the threshold moves as others arrive: the value at rank int(n / eta) + 1 of all that have passed it, in whatever state.
/// Iterations are counted by valid values of the metric, not by epochs. Only who is strictly worse stops. Of several metrics the order is
/// by fronts, of what was told by the band's epoch.</summary>
/// <param name="strict">A trial's value at the band counts; otherwise its best so far.</param>
internal sealed class HyperbandPruner(ImmutableArray<int> bands, double eta, bool strict) : IPruner
{
    private static readonly TrainableParameter<long?> MinIter = OptionalInteger(
        "min_iter", 1, int.MaxValue, "The first band; each further one is eta times as far.");

    private static readonly TrainableParameter<long?> MaxIter = OptionalInteger(
        "max_iter", 1, int.MaxValue, "Instead of min_iter, with s: the bands are max_iter / eta, / eta^2, ...; it stops nobody itself.");

    private static readonly TrainableParameter<long?> Bands = OptionalInteger("s", 1, 100, "With max_iter: how many bands.");
    private static readonly TrainableParameter<double> Eta = Real(
        "eta", 3, 1, 1000, "Each band lies eta times as far as the one before.", openMin: true);

    private static readonly TrainableParameter<bool> Strict = Flag(
        "strict", true, "Whether the value at the band counts, and not the best so far.");

    public static PrunerType Type { get; } = new(
        "hyperband",
        "W&B's rule: stops a trial that is not among the best 1/eta, and the next one, of all that passed the last band.",
        [MinIter, MaxIter, Bands, Eta, Strict],
        settings => new HyperbandPruner(BandsOf(settings), Eta.In(settings), Strict.In(settings)))
    {
        Problem = settings => (MinIter.In(settings) is null, MaxIter.In(settings) is null, Bands.In(settings) is null) switch
        {
            (false, _, _) or (true, false, false) => null,
            (true, true, _) => ("'hyperband' needs 'min_iter', or 'max_iter' with 's'",
                "min_iter: 3 has bands at 3, 9, 27, ...; max_iter: 27 with s: 2 has bands at 3 and 9"),
            (true, false, true) => ("'max_iter' needs 's'", "s: 2 has bands at max_iter / 9 and max_iter / 3"),
        },
        Idle = settings => MinIter.In(settings) is null ? null
            : IsDownwards(settings) ? "'min_iter' does nothing beside 'max_iter' and 's', as in W&B"
            : MaxIter.In(settings) is not null ? "'max_iter' does nothing without 's'"
            : Bands.In(settings) is not null ? "'s' does nothing beside 'min_iter', as in W&B"
            : null,
    };

    public bool IsRung(int epoch) => bands.Length > 0 && epoch >= bands[0];

    public ImmutableArray<int> Ladder => bands;

    public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others)
    {
        var valid = trial.Values.Count(value => !double.IsNaN(value));
        if (bands.LastOrDefault(band => band <= valid) is not (> 0 and var band)) return Verdict.Continue;

        var order = trial.Others.Count > 0
            ? RungOrder.Among(trial, others, band)
            : RungOrder.Among(strict ? Valid(trial, band) : trial.Best, others.Select(other => Valid(other, band)));
        // The threshold is one of all values at the band, the trial's own among them: who is better than that one counts for it.
        return order.Better <= (int)(order.Of / eta) ? Verdict.Continue : Verdict.Stop;
    }

    /// <summary>W&amp;B's: <c>int(min_iter * eta ** k)</c>, or <c>int(max_iter / eta ** k)</c> for k = 1 .. s while 1 or more.</summary>
    internal static ImmutableArray<int> BandsOf(ParameterSet settings)
    {
        var eta = Eta.In(settings);
        var levels = !IsDownwards(settings)
            ? Enumerable.Range(0, 100).Select(k => MinIter.In(settings)!.Value * Math.Pow(eta, k))
                .TakeWhile(level => level <= EpochReport.MaxEpoch)
            : Enumerable.Range(1, (int)Bands.In(settings)!).Select(k => MaxIter.In(settings)!.Value / Math.Pow(eta, k)).TakeWhile(
                level => level >= 1);
        return [.. levels.Select(level => (int)level).Distinct().Order()];
    }

    /// <summary>Whether the bands are counted from <c>max_iter</c>, which W&amp;B looks at first.</summary>
    private static bool IsDownwards(ParameterSet settings) => MaxIter.In(settings) is not null && Bands.In(settings) is not null;

    /// <summary>The <paramref name="count"/>th value that is a number; NaN when there are fewer.</summary>
    private static double Valid(LearningCurve curve, int count)
    {
        for (var i = 0; i < curve.Values.Count; i++)
        {
            if (!double.IsNaN(curve.Values[i]) && --count == 0) return curve.Values[i];
        }

        return double.NaN;
    }
}
