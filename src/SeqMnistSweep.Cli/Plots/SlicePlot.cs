namespace SeqMnistSweep.Cli.Plots;

internal static class SlicePlot
{
    private const int Height = 8;

    public static Plot Of(PlotData data, IReadOnlyList<string> names)
    {
        var axes = ParameterAxis.Of(data, names);
        var settings =
            from axis in axes
            from trial in data.Trials
            let setting = SearchSpace.Written(trial.Parameters, axis.Name)
            where setting is not null
            select (object?[])[axis.Name, JsonNode.Parse(setting.ToJson()), trial.Value, trial.Number];
        var table = TableOutput.Of(["parameter", "setting", "value", "number"], settings, row => row);
        return new Plot(table, (writer, profile) => Draw(data, axes, writer, profile));
    }

    private static void Draw(PlotData data, IReadOnlyList<ParameterAxis> axes, TextWriter writer, ConsoleProfile profile)
    {
        var y = Scale.Of(data.Trials.Select(trial => trial.Value));
        var best = data.Best();
        foreach (var axis in axes)
        {
            var frame = new PlotFrame(profile, Height, y);
            foreach (var trial in data.Trials)
            {
                if (axis.PositionOf(trial.Parameters) is { } x)
                {
                    frame.Canvas.Dot(x, y.PositionOf(trial.Value), best.Contains(trial.Number) ? Layer.Strong : Layer.Plain);
                }
            }

            frame.Write(writer, $"{data.Sweep.Metric} over {axis.Name}{(axis.Scale.IsLogarithmic ? ", logarithmic" : "")}", axis.Labels());
        }
    }
}
