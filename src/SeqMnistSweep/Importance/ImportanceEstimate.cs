namespace SeqMnistSweep.Importance;

/// <summary>PED-ANOVA over bootstraps (Efron 1979): each draws as many configurations as there are, with replacement, and compares the
/// parameters' divergences with those that the same draw has when the values are dealt out at random. What is left is no chance.</summary>
public static class ImportanceEstimate
{
    /// <summary>The share of configurations that are the best.</summary>
    public const double UsualQuantile = 0.1;

    /// <summary>Fewer configurations say nothing.</summary>
    public const int Fewest = 10;

    /// <summary>Fewer configurations show only the strongest effects.</summary>
    public const int Enough = 50;

    private const int Bootstraps = 200;

    /// <summary>Of fewer configurations no distribution shows; a third of all is the best where they are few.</summary>
    private const int FewestBest = 12;

    /// <param name="points">Configurations with their values; those that are not finite are passed over.</param>
    /// <param name="quantile">Above 0, below 1.</param>
    /// <returns>The parameters that vary, those that can be told from noise first, the most important of them first; empty with fewer than
    /// <see cref="Fewest"/> configurations.</returns>
    public static IReadOnlyList<ParameterImportance> Of(
        SearchSpace space, IReadOnlyList<(ParameterSet Parameters, double Value)> points, bool maximize, double quantile = UsualQuantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(quantile, 1);
        var ranked = points.Where(point => double.IsFinite(point.Value)).OrderBy(point => maximize ? -point.Value : point.Value).ToList();
        if (ranked.Count < Fewest) return [];

        var anova = new PedAnova(space, ranked.ConvertAll(point => point.Parameters));
        var values = ranked.ConvertAll(point => point.Value);
        var effects = Enumerable.Range(0, Bootstraps).Select(round => Effects(anova, values, quantile, round)).ToList();
        var names = anova.Names;
        var columns = Enumerable.Range(0, names.Count).Select(i => effects.ConvertAll(effect => effect[i]).Order().ToList()).ToList();
        var told = columns.Where(column => LowOf(column) > 0).ToList();
        var sum = (told.Count > 0 ? told : columns).Sum(column => Math.Max(0, column.Average()));
        return [.. names.Zip(columns, (name, column) => Share(name, column, sum))
            .OrderBy(item => item.IsNoise).ThenByDescending(item => item.Share).ThenBy(item => item.Name, StringComparer.Ordinal)];
    }

    private static double LowOf(List<double> effects) => effects[effects.Count / 20];

    private static ParameterImportance Share(string name, List<double> effects, double sum)
    {
        double Part(double effect) => sum > 0 ? Math.Clamp(effect / sum, 0, 1) : 0;
        var (low, high) = (LowOf(effects), effects[^(1 + (effects.Count / 20))]);
        return new ParameterImportance(name, Part(effects.Average()), Part(low), Part(high), low <= 0);
    }

    /// <summary>What each parameter's divergence has beyond chance, in one bootstrap.</summary>
    /// <param name="values">From the best down; configuration i has value i.</param>
    private static double[] Effects(PedAnova anova, List<double> values, double quantile, int round)
    {
        var random = new SplitMix64(RandomSeed.Derive(0, "importance", round));
        var weights = new int[values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            weights[(int)(random.NextUnit() * values.Count)]++;
        }

        int[] dealt = [.. Enumerable.Range(0, values.Count)];
        for (var i = values.Count - 1; i > 0; i--)
        {
            var j = (int)(random.NextUnit() * (i + 1));
            (dealt[i], dealt[j]) = (dealt[j], dealt[i]);
        }

        var seen = anova.Divergences(weights, Best(values, weights, i => i, quantile));
        var chance = anova.Divergences(weights, Best(values, weights, i => dealt[i], quantile));
        return [.. seen.Zip(chance, (one, other) => one - other)];
    }

    /// <summary>How often each configuration is among the best; those that are as good as the last of the best are among them: otherwise
    /// their order would decide.</summary>
    /// <param name="holder">The configuration that has a value.</param>
    private static int[] Best(List<double> values, int[] weights, Func<int, int> holder, double quantile)
    {
        var best = new int[weights.Length];
        var wanted = Math.Max((int)Math.Ceiling(quantile * values.Count), Math.Min(FewestBest, values.Count / 3));
        for (var (i, last) = (0, double.NaN); i < values.Count && (wanted > 0 || values[i].Equals(last)); i++)
        {
            var weight = weights[holder(i)];
            best[holder(i)] = weight;
            wanted -= weight;
            last = weight > 0 ? values[i] : last;
        }

        return best;
    }
}
