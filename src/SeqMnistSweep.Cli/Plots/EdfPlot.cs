namespace SeqMnistSweep.Cli.Plots;

/// <summary>The empirical distribution of the values: which share of the configurations has at most this one.</summary>
internal static class EdfPlot
{
    public static Plot Of(PlotData data)
    {
        var values = data.Configurations().Select(one => one.Value).Order().ToList();
        if (values.Count == 0) throw PlotData.NothingCompleted(data.Sweep);

        var steps = values.Select((value, i) => (Value: value, Share: (i + 1.0) / values.Count)).ToList();
        var table = TableOutput.Of(["value", "share"], steps, step => [step.Value, step.Share]);
        return new Plot(table, (writer, profile) => Draw(data, steps, writer, profile));
    }

    private static void Draw(PlotData data, List<(double Value, double Share)> steps, TextWriter writer, ConsoleProfile profile)
    {
        var x = Scale.Of(steps.Select(step => step.Value));
        var frame = new PlotFrame(profile, Plot.Height, new Scale(0, 1));
        var last = (X: 0.0, Y: 0.0);
        foreach (var (value, share) in steps)
        {
            var here = x.PositionOf(value);
            frame.Canvas.Line(last, (here, last.Y), Layer.Strong);
            frame.Canvas.Line((here, last.Y), (here, share), Layer.Strong);
            last = (here, share);
        }

        frame.Canvas.Line(last, (1, last.Y), Layer.Strong);
        frame.Write(
            writer, $"share of {steps.Count} configurations with at most this {data.Sweep.Metric}", (0, Cell.Number(x.Low)),
            (1, Cell.Number(x.High)));
    }
}
