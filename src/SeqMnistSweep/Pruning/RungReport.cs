namespace SeqMnistSweep.Pruning;

/// <summary>What a rung was worth: whether the order there holds later, how many went on, and what was not trained.</summary>
/// <param name="Epoch">Of the rung.</param>
/// <param name="Reached">Trials that trained so far, and did not end there by themselves.</param>
/// <param name="Beyond">Of these, those that went on to the next rung or to their end.</param>
/// <param name="Saved">Epochs that the others would still have trained; so far, where some wait.</param>
/// <param name="Compared">Curves behind <paramref name="Correlation"/>.</param>
/// <param name="Correlation">Kendall's rank correlation (tau-a) of the value at the rung with the best one after it, from -1 to 1: of two
/// curves as far as the shorter one goes. Null for fewer than <see cref="MinCurves"/> curves.</param>
public sealed record RungReport(int Epoch, int Reached, int Beyond, int Saved, int Compared, double? Correlation)
{
    /// <summary>Of fewer nothing can be said: their order is the same by chance once in 24 times.</summary>
    public const int MinCurves = 4;

    /// <summary>Up to here chance alone explains a correlation: two standard deviations of tau where there is none (Kendall 1938). Null
    /// without a correlation.</summary>
    public double? ChanceBound =>
        Correlation is null ? null : 2 * Math.Sqrt(2.0 * ((2 * Compared) + 5) / (9.0 * Compared * (Compared - 1)));

    /// <summary>Whether the order at the rung was no better a guide than chance.</summary>
    public bool TellsNothing => Correlation <= ChanceBound;

    /// <summary>What the comparison came to, as a clause.</summary>
    public string Found => Correlation is not { } tau
        ? $"{Compared} {(Compared == 1 ? "curve is" : "curves are")} too few to compare its order with that of later epochs"
        : TellsNothing
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"it tells nothing here: rank correlation with later epochs {tau:0.00}, chance alone gives up to {ChanceBound:0.00}")
        : string.Create(CultureInfo.InvariantCulture, $"rank correlation with later epochs {tau:0.00} ({Compared} curves)");

    /// <summary>One report for every rung that a trial has reached.</summary>
    /// <param name="trained">How many epochs each trial trained, of how many.</param>
    /// <param name="curves">To compare. Those of the trials are fewer and better than all: who goes on was chosen at the rung.</param>
    public static ImmutableArray<RungReport> Of(
        IReadOnlyList<int> ladder, IReadOnlyCollection<(int Epochs, int Full)> trained, IReadOnlyList<LearningCurve> curves) =>
    [
        .. from rung in ladder
           let next = ladder.FirstOrDefault(higher => higher > rung, int.MaxValue)
           let reached = trained.Where(trial => trial.Epochs >= rung && trial.Full > rung).ToList()
           let ended = reached.Where(trial => trial.Epochs < Math.Min(next, trial.Full)).ToList()
           where reached.Count > 0
           let correlation = CorrelationOf(rung, curves)
           select new RungReport(
               rung, reached.Count, reached.Count - ended.Count, ended.Sum(trial => trial.Full - trial.Epochs),
               correlation.Curves, correlation.Tau),
    ];

    /// <inheritdoc/>
    public override string ToString() =>
        $"epoch {Epoch}: of {Reached} {(Reached == 1 ? "trial" : "trials")} {Beyond} went on, {Saved} epochs saved; {Found}";

    private static (int Curves, double? Tau) CorrelationOf(int rung, IReadOnlyList<LearningCurve> curves)
    {
        var compared = (from curve in curves
                        let after = BestAfter(rung, curve.Values)
                        let at = curve.At(rung)
                        where after.Length > 0 && !double.IsNaN(at) && !double.IsNaN(after[^1])
                        select (At: at, After: after)).ToList();
        if (compared.Count < MinCurves) return (compared.Count, null);

        var sum = 0L;
        for (var i = 0; i < compared.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var end = Math.Min(compared[i].After.Length, compared[j].After.Length) - 1;
                sum += Order(compared[i].At, compared[j].At) * Order(compared[i].After[end], compared[j].After[end]);
            }
        }

        return (compared.Count, sum / (compared.Count * (compared.Count - 1) / 2.0));
    }

    /// <summary>0 also where one of them is missing.</summary>
    private static int Order(double a, double b) => a > b ? 1 : a < b ? -1 : 0;

    /// <returns>For every later epoch the best value since the rung; NaN before the first one.</returns>
    private static double[] BestAfter(int rung, IReadOnlyList<double> values)
    {
        var after = new double[Math.Max(0, values.Count - rung)];
        var best = double.NaN;
        for (var i = 0; i < after.Length; i++)
        {
            var value = values[rung + i];
            after[i] = best = value > best || double.IsNaN(best) ? value : best;
        }

        return after;
    }
}
