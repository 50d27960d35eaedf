namespace SeqMnistSweep.Results.Tables;

/// <summary>How many of a sweep's curves pass where: a picture of any number of them at once.</summary>
/// <param name="Curves">Trials whose curves were counted.</param>
/// <param name="Of">Trials with a report; more than <paramref name="Curves"/> where only every so many-th was counted.</param>
/// <param name="Low">The value at the lower edge of row 0.</param>
/// <param name="High">The value at the upper edge of the last row; what lies beyond either edge counts in the row there.</param>
/// <param name="Columns">From the first epoch to the last.</param>
public sealed record CurveDensity(
    string Metric, int Curves, int Of, double Low, double High, int Rows, IReadOnlyList<DensityColumn> Columns)
{
    /// <summary>Of the values, this share at either end does not stretch the picture: a few diverged trials would leave nothing to see of
    /// all others.</summary>
    private const double Beyond = 0.01;

    /// <param name="points">Epoch and finite value, of any number of trials.</param>
    /// <param name="columns">At most; epochs share a column where there are more.</param>
    public static CurveDensity From(
        string metric, int curves, int of, IReadOnlyList<(long Epoch, double Value)> points, int columns, int rows)
    {
        if (points.Count == 0) return new CurveDensity(metric, curves, of, 0, 0, rows, []);

        var sorted = points.Select(point => point.Value).Order().ToList();
        var (low, high) = (sorted[At(sorted.Count, Beyond)], sorted[At(sorted.Count, 1 - Beyond)]);
        var last = points.Max(point => point.Epoch);
        var width = (last + columns - 1) / columns;
        return new CurveDensity(metric, curves, of, low, high, rows,
            [.. points.GroupBy(point => (point.Epoch - 1) / width).OrderBy(column => column.Key).Select(column =>
        {
            var values = column.Select(point => point.Value).Order().ToList();
            var counts = new int[rows];
            foreach (var value in values)
            {
                counts[high > low ? Math.Clamp((int)((value - low) / (high - low) * rows), 0, rows - 1) : rows / 2]++;
            }

            return new DensityColumn(
                (column.Key * width) + 1, Math.Min(last, (column.Key + 1) * width), values[At(values.Count, 0.1)],
                values[At(values.Count, 0.5)], values[At(values.Count, 0.9)], counts);
        })]);
    }

    /// <summary>The position of a quantile by nearest rank.</summary>
    private static int At(int count, double share) => Math.Clamp((int)Math.Ceiling(share * count) - 1, 0, count - 1);
}

/// <param name="From">The first epoch.</param>
/// <param name="To">The last epoch.</param>
/// <param name="P10">A tenth of the values is not above it.</param>
/// <param name="Counts">Values per row, from the lowest row up.</param>
public sealed record DensityColumn(long From, long To, double P10, double Median, double P90, IReadOnlyList<int> Counts);
