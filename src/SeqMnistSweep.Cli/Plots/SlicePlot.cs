namespace SeqMnistSweep.Cli.Plots;

internal static class SlicePlot
{
    private const int Height = 8;

    public static Plot Of(PlotData data, IReadOnlyList<string> names)
    {
        var axes = ParameterAxis.Of(data, names);
        var table = new TableOutput(["parameter", "setting", "value", "number"]);
        foreach (var axis in axes)
        {
            foreach (var trial in data.Trials)
            {
                if (SearchSpace.Written(trial.Parameters, axis.Name) is { } setting)
                {
                    table.Add(Cell.Of(axis.Name), Cell.Of(JsonNode.Parse(setting.ToJson())), Cell.Of(trial.Value), Cell.Of(trial.Number));
                }
            }
        }

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
