namespace SeqMnistSweep.Importance;

/// <summary>How much of what makes configurations good is one parameter's doing; all of a sweep's sum to 1.</summary>
/// <param name="Share">0 for a parameter that has no say.</param>
public sealed record ParameterImportance(string Name, double Share);

/// <summary>PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023): a parameter matters as far as its values among the best configurations are
/// distributed otherwise than among all of them, measured by the Pearson divergence of two kernel densities. Needs no model of the
/// function, and looks at what matters for being among the best rather than on average.</summary>
public static class PedAnova
{
    /// <summary>The share of configurations that are the best.</summary>
    public const double UsualQuantile = 0.1;

    /// <summary>Fewer configurations say nothing.</summary>
    public const int Fewest = 10;

    /// <summary>Cells that densities of numbers are compared in.</summary>
    private const int Cells = 50;

    /// <param name="points">Configurations with their values; those that are not finite are passed over.</param>
    /// <param name="quantile">Above 0, below 1.</param>
    /// <returns>The parameters that vary, the most important first; empty with fewer than <see cref="Fewest"/> configurations. A
    /// conditional parameter is judged on the configurations that have it.</returns>
    public static IReadOnlyList<ParameterImportance> Of(
        SearchSpace space, IReadOnlyList<(ParameterSet Parameters, double Value)> points, bool maximize, double quantile = UsualQuantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(quantile, 1);
        var ranked = points.Where(point => double.IsFinite(point.Value)).OrderBy(point => maximize ? -point.Value : point.Value).ToList();
        if (ranked.Count < Fewest) return [];

        // Those that are as good as the last of the best are among them: otherwise their order would decide.
        var last = ranked[Math.Max(2, (int)Math.Ceiling(quantile * ranked.Count)) - 1].Value;
        var best = ranked.TakeWhile(point => maximize ? point.Value >= last : point.Value <= last).Count();
        var divergences = space.Dimensions.Where(dimension => dimension.Distribution.Varies)
            .Select(dimension => (dimension.Name, Divergence: DivergenceOf(dimension, ranked, best)))
            .ToList();
        var sum = divergences.Sum(item => item.Divergence);
        return [.. divergences
            .Select(item => new ParameterImportance(item.Name, sum > 0 ? item.Divergence / sum : 0))
            .OrderByDescending(item => item.Share).ThenBy(item => item.Name, StringComparer.Ordinal)];
    }

    private static double DivergenceOf(Dimension dimension, List<(ParameterSet Parameters, double Value)> ranked, int best)
    {
        var values = ranked.Select(point => SearchSpace.Written(point.Parameters, dimension.Name)).ToList();
        var all = values.OfType<ParameterValue>().ToList();
        var good = values.Take(best).OfType<ParameterValue>().ToList();
        if (good.Count == 0) return 0;

        var scale = ValueScale.Of(dimension.Distribution, all);
        var everywhere = scale.Categories is { } categories ? Shares(scale, all, categories) : Density(scale, all);
        var among = scale.Categories is { } same ? Shares(scale, good, same) : Density(scale, good);
        return everywhere.Zip(among).Sum(cell => cell.First * Math.Pow((cell.Second / cell.First) - 1, 2));
    }

    /// <summary>One count spread over all categories is the prior: none has a share of 0.</summary>
    private static double[] Shares(ValueScale scale, List<ParameterValue> values, int categories)
    {
        var counts = Enumerable.Repeat(1.0 / categories, categories).ToArray();
        foreach (var value in values)
        {
            counts[(int)scale.PositionOf(value)] += 1;
        }

        return [.. counts.Select(count => count / (values.Count + 1))];
    }

    /// <summary>Gaussian kernels of Scott's bandwidth on the unit interval, cut off at its ends, with a uniform one as the prior.</summary>
    private static double[] Density(ValueScale scale, List<ParameterValue> values)
    {
        var positions = values.Select(scale.PositionOf).Order().ToList();
        var mean = positions.Average();
        var deviation = Math.Sqrt(positions.Sum(position => Math.Pow(position - mean, 2)) / Math.Max(1, positions.Count - 1));
        var middle = positions[positions.Count * 3 / 4] - positions[positions.Count / 4];
        var spread = middle > 0 ? Math.Min(deviation, middle / 1.34) : deviation;
        var width = Math.Max(1.059 * spread * Math.Pow(positions.Count, -0.2), 0.5 / Cells);
        var density = Enumerable.Repeat(1.0 / Cells, Cells).ToArray();
        foreach (var position in positions)
        {
            var kernel = Enumerable.Range(0, Cells)
                .Select(cell => Math.Exp(-0.5 * Math.Pow((((cell + 0.5) / Cells) - position) / width, 2))).ToArray();
            var mass = kernel.Sum();
            for (var cell = 0; cell < Cells; cell++)
            {
                density[cell] += kernel[cell] / mass;
            }
        }

        return [.. density.Select(cell => cell / (positions.Count + 1))];
    }
}
