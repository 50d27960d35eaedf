namespace SeqMnistSweep.Cli.Plots;

internal static class HistoryPlot
{
    public static Plot Of(PlotData data)
    {
        var table = TableOutput.Of(
            ["trial", "number", "value", "best", "state"],
            data.Trials.Zip(data.BestSoFar(), (trial, best) => (trial, best)),
            at => [$"{data.Sweep.Sweep}/{at.trial.Number}", at.trial.Number, at.trial.Value, at.best, at.trial.State.ToName()]);

        return new Plot(table, (writer, profile) => Draw(data, writer, profile));
    }

    private static void Draw(PlotData data, TextWriter writer, ConsoleProfile profile)
    {
        var y = Scale.Of(data.Trials.Select(trial => trial.Value));
        var x = Scale.Of(data.Trials.Select(trial => (double)trial.Number));
        var frame = new PlotFrame(profile, Plot.Height, y);
        (double X, double Y)? last = null;
        foreach (var (trial, best) in data.Trials.Zip(data.BestSoFar()))
        {
            frame.Canvas.Dot(
                x.PositionOf(trial.Number), y.PositionOf(trial.Value), trial.State == TrialState.Pruned ? Layer.Quiet : Layer.Plain);
            if (best is not { } value) continue;

            var here = (x.PositionOf(trial.Number), y.PositionOf(value));
            if (last is { } from)
            {
                frame.Canvas.Line(from, (here.Item1, from.Y), Layer.Strong);
                frame.Canvas.Line((here.Item1, from.Y), here, Layer.Strong);
            }

            last = here;
        }

        frame.Write(
            writer, $"{data.Sweep.Metric} by trial, and the best so far", (0, $"{data.Trials[0].Number}"),
            (1, $"{data.Trials[^1].Number}"));
    }
}
