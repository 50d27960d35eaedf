namespace SeqMnistSweep.Cli.Plots;

internal static class CurvesPlot
{
    /// <exception cref="CommandError">Nothing is reported yet.</exception>
    public static Plot Of(PlotData data, IReadOnlyList<(int Number, int Epoch, double Value)> points)
    {
        var table = TableOutput.Of(["number", "epoch", "value"], points, point => [point.Number, point.Epoch, point.Value]);
        return points.Count == 0
            ? throw new CommandError(ExitCodes.NotFinished, $"no trial of {data.Sweep.Sweep} has reported {data.Sweep.Metric} yet")
            : new Plot(table, (writer, profile) => Draw(data, points, writer, profile));
    }

    private static void Draw(
        PlotData data, IReadOnlyList<(int Number, int Epoch, double Value)> points, TextWriter writer, ConsoleProfile profile)
    {
        var (x, y) = (Scale.Of(points.Select(point => (double)point.Epoch)), Scale.Of(points.Select(point => point.Value)));
        var frame = new PlotFrame(profile, Plot.Height, y);
        var best = (data.Maximize ? points.MaxBy(point => point.Value) : points.MinBy(point => point.Value)).Number;
        foreach (var curve in points.GroupBy(point => point.Number).OrderBy(curve => curve.Key == best))
        {
            var layer = curve.Key == best ? Layer.Strong : Layer.Plain;
            var places = curve.Select(point => (x.PositionOf(point.Epoch), y.PositionOf(point.Value))).ToList();
            frame.Canvas.Dot(places[0].Item1, places[0].Item2, layer);
            foreach (var (from, to) in places.Zip(places.Skip(1)))
            {
                frame.Canvas.Line(from, to, layer);
            }
        }

        frame.Write(
            writer, $"{data.Sweep.Metric} by epoch; trial {best} has the best", (0, $"epoch {points.Min(point => point.Epoch)}"),
            (1, $"{points.Max(point => point.Epoch)}"));
    }
}
