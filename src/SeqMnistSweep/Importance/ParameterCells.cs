namespace SeqMnistSweep.Importance;

/// <summary>The values of one parameter in cells: one for each category, so many of equal width for numbers.</summary>
internal sealed class ParameterCells
{
    private const int OfNumbers = 50;

    private readonly int[] _cells;
    private readonly int _count;
    private readonly bool _numbers;

    private ParameterCells(string name, int[] cells, int count, bool numbers) =>
        (Name, _cells, _count, _numbers) = (name, cells, count, numbers);

    public string Name { get; }

    public static ParameterCells Of(Dimension dimension, IReadOnlyList<ParameterSet> configurations)
    {
        var values = configurations.Select(point => SearchSpace.Written(point, dimension.Name)).ToList();
        var seen = values.OfType<ParameterValue>().ToList();
        if (seen.Count == 0) return new ParameterCells(dimension.Name, [.. values.Select(_ => -1)], 1, false);

        var scale = ValueScale.Of(dimension.Distribution, seen);
        return new ParameterCells(
            dimension.Name, [.. values.Select(value => value is null ? -1 : CellOf(scale, value))], scale.Categories ?? OfNumbers,
            scale.Categories is null);
    }

    /// <summary>Configurations in each cell; those without the parameter are in none.</summary>
    /// <param name="weights">How often each configuration counts.</param>
    public double[] Counts(int[] weights)
    {
        var counts = new double[_count];
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0 && _cells[i] >= 0)
            {
                counts[_cells[i]] += weights[i];
            }
        }

        return counts;
    }

    /// <summary>One count spread over all cells is the prior: none has a density of 0. Numbers are smoothed.</summary>
    public double[] Density(double[] counts)
    {
        var all = counts.Sum();
        var smooth = _numbers ? Smoothed(counts, all) : counts;
        return [.. smooth.Select(count => (count + (1.0 / _count)) / (all + 1))];
    }

    /// <summary>Gaussian kernels of Scott's bandwidth on the unit interval, cut off at its ends.</summary>
    private static double[] Smoothed(double[] counts, double all)
    {
        var cells = counts.Length;
        var width = Math.Max(1.059 * Spread(counts, all) * Math.Pow(all, -0.2), 0.5 / cells);
        var kernel = Enumerable.Range(0, cells).Select(distance => Math.Exp(-0.5 * Math.Pow(distance / (cells * width), 2))).ToArray();
        var density = new double[cells];
        for (var from = 0; from < cells; from++)
        {
            if (counts[from] == 0) continue;

            var mass = 0.0;
            for (var to = 0; to < cells; to++)
            {
                mass += kernel[Math.Abs(to - from)];
            }

            for (var to = 0; to < cells; to++)
            {
                density[to] += counts[from] * kernel[Math.Abs(to - from)] / mass;
            }
        }

        return density;
    }

    /// <summary>The standard deviation, or what a normal distribution's would be of the middle half.</summary>
    private static double Spread(double[] counts, double all)
    {
        var (mean, squares) = (0.0, 0.0);
        for (var cell = 0; cell < counts.Length; cell++)
        {
            var at = (cell + 0.5) / counts.Length;
            mean += counts[cell] / all * at;
            squares += counts[cell] / all * at * at;
        }

        var deviation = Math.Sqrt(Math.Max(0, squares - (mean * mean)) * all / Math.Max(1, all - 1));
        return Math.Min(deviation, (Quantile(counts, 0.75 * all) - Quantile(counts, 0.25 * all)) / 1.34);
    }

    private static double Quantile(double[] counts, double wanted)
    {
        var cell = 0;
        for (; cell < counts.Length - 1 && wanted > counts[cell]; cell++)
        {
            wanted -= counts[cell];
        }

        return (cell + (counts[cell] > 0 ? wanted / counts[cell] : 0)) / counts.Length;
    }

    private static int CellOf(ValueScale scale, ParameterValue value) => scale.Categories is null
        ? Math.Min(OfNumbers - 1, (int)(scale.PositionOf(value) * OfNumbers))
        : (int)scale.PositionOf(value);
}
