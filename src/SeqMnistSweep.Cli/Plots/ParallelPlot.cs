using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Cli.Plots;

internal static class ParallelPlot
{
    /// <summary>More axes than this have no room side by side.</summary>
    private const int MostAxes = 8;

    public static Plot Of(PlotData data, IReadOnlyList<string> names)
    {
        var axes = ParameterAxis.Of(data, names);
        var heads = axes.Select(axis => TrialTable.NameOf(TrialTable.ParameterPrefix, axis.Name, name => name is "number" or "value"));
        var table = TableOutput.Of(["number", .. heads, "value"], data.Trials, trial =>
        [
            trial.Number,
            .. axes.Select(axis => SearchSpace.Written(trial.Parameters, axis.Name) is { } value ? JsonNode.Parse(value.ToJson()) : null),
            trial.Value,
        ]);

        return new Plot(table, (writer, profile) => Draw(data, axes, writer, profile));
    }

    /// <summary>Every axis from its smallest value below to its largest above, the metric last; the best tenth on top.</summary>
    private static void Draw(PlotData data, IReadOnlyList<ParameterAxis> all, TextWriter writer, ConsoleProfile profile)
    {
        var axes = all.Take(MostAxes).ToList();
        var y = Scale.Of(data.Trials.Select(trial => trial.Value));
        var frame = new PlotFrame(profile, Plot.Height, y);
        var best = data.Best();
        foreach (var trial in data.Trials.OrderBy(trial => best.Contains(trial.Number)))
        {
            (double X, double Y)? last = null;
            for (var i = 0; i <= axes.Count; i++)
            {
                (double X, double Y)? here = (
                    i == axes.Count ? y.PositionOf(trial.Value) : axes[i].PositionOf(trial.Parameters)) is { } height
                    ? ((double)i / Math.Max(1, axes.Count), height) : null;
                if (last is { } from && here is { } to)
                {
                    frame.Canvas.Line(from, to, best.Contains(trial.Number) ? Layer.Strong : Layer.Quiet);
                }

                last = here ?? last;
            }
        }

        frame.Write(
            writer,
            $"{data.Trials.Count} trials across {axes.Count} parameter(s); the best tenth stands "
                + $"out{(all.Count > axes.Count ? $"; {all.Count - axes.Count} more parameter(s): name those to see" : "")}",
            [.. axes.Select((axis, i) => ((double)i / Math.Max(1, axes.Count), axis.Name)), (1, data.Sweep.Metric)]);
        foreach (var axis in axes)
        {
            var labels = string.Join(axis.Scale.Categories is null ? " to " : ", ", axis.Labels().Select(label => label.Text));
            writer.WriteLine($"  {axis.Name}: {labels}, from below");
        }
    }
}
