using SeqMnistSweep.Cli.Exports;

namespace SeqMnistSweep.Cli.Plots;

/// <summary>Two metrics of every configuration, and those that no other beats.</summary>
internal static class ParetoPlot
{
    /// <param name="names">Two of the metrics; the first two without any.</param>
    /// <exception cref="CommandError">There is one metric only, or the names are others.</exception>
    public static Plot Of(
        PlotData data, IReadOnlyList<MetricGoal> metrics, IReadOnlyList<MeasuredConfiguration> points, IReadOnlyList<string> names)
    {
        var known = metrics.Select(metric => metric.Name).ToList();
        if (metrics.Count < 2)
        {
            throw new CommandError(
                ExitCodes.Usage, $"{data.Sweep.Sweep} has one metric, {data.Sweep.Metric}: a front takes two",
                "the key metrics of a sweep file names several");
        }

        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new CommandError(
                ExitCodes.Usage, $"'{unknown}' is no metric of {data.Sweep.Sweep}", NearestName.Suggest(unknown, known));
        }

        if (names.Count is not (0 or 2) || (names.Count == 2 && names[0] == names[1]))
        {
            throw new CommandError(ExitCodes.Usage, "a front is drawn over two metrics", $"two of: {string.Join(", ", known)}");
        }

        if (points.Count == 0) throw PlotData.NothingCompleted(data.Sweep);

        var table = TableOutput.Of(
            ["number", .. known, "front"], points,
            point => [point.Number, .. known.Select(name => (object?)point.Values[name]), point.InFront]);
        var (x, y) = names.Count == 2 ? (names[0], names[1]) : (known[0], known[1]);
        return new Plot(table, (writer, profile) => Draw(points, metrics, (x, y), writer, profile));
    }

    private static void Draw(
        IReadOnlyList<MeasuredConfiguration> points, IReadOnlyList<MetricGoal> metrics, (string X, string Y) names, TextWriter writer,
        ConsoleProfile profile)
    {
        var x = Scale.Of(points.Select(point => point.Values[names.X]));
        var y = Scale.Of(points.Select(point => point.Values[names.Y]));
        var frame = new PlotFrame(profile, Plot.Height, y);
        foreach (var point in points)
        {
            frame.Canvas.Dot(
                x.PositionOf(point.Values[names.X]), y.PositionOf(point.Values[names.Y]), point.InFront ? Layer.Strong : Layer.Quiet);
        }

        var front = points.Count(point => point.InFront);
        var goals = metrics.Select(metric => $"{metric.Name} {(metric.Maximize ? "maximized" : "minimized")}");
        frame.Write(
            writer, $"{names.Y} over {names.X}; {front} of {points.Count} configurations stand out, that no other beats in all metrics",
            (0, Cell.Number(x.Low)), (1, Cell.Number(x.High)));
        writer.WriteLine($"  {string.Join(", ", goals)}");
    }
}
