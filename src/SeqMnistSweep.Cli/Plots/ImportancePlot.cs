using SeqMnistSweep.Importance;

namespace SeqMnistSweep.Cli.Plots;

internal static class ImportancePlot
{
    private const int Bar = 40;

    /// <exception cref="CommandError">Too few trials have completed.</exception>
    public static Plot Of(PlotData data, double quantile)
    {
        var completed = data.Configurations();
        var space = data.Space ?? throw new CommandError(
            ExitCodes.InvalidSweepFile, $"the stored file of sweep {data.Sweep.Sweep} is no longer valid: its parameters are not known");
        var shares = PedAnova.Of(space, [.. completed.Select(one => (one.Parameters, one.Value))], data.Maximize, quantile);
        if (completed.Count < PedAnova.Fewest)
        {
            throw new CommandError(
                ExitCodes.NotFinished,
                $"{completed.Count} completed configuration(s) of {data.Sweep.Sweep} say nothing of what matters: it takes {PedAnova.Fewest}",
                "ask again when more have completed");
        }

        var table = TableOutput.Of(["parameter", "importance"], shares, item => [item.Name, new Cell(item.Share, Text(item.Share))]);

        return new Plot(table, (writer, profile) => Draw(data, shares, writer, profile));
    }

    private static void Draw(PlotData data, IReadOnlyList<ParameterImportance> shares, TextWriter writer, ConsoleProfile profile)
    {
        var names = shares.Select(item => item.Name.Length).DefaultIfEmpty(0).Max();
        var bar = Math.Clamp((profile.Width ?? 80) - names - 9, 10, Bar);
        writer.WriteLine(profile.Bold($"what has to do with the best {data.Sweep.Metric}"));
        foreach (var item in shares)
        {
            var length = new string(profile.Unicode ? '█' : '#', (int)Math.Round(item.Share * bar));
            writer.WriteLine($"{item.Name.PadRight(names)}  {Text(item.Share)} {length}".TrimEnd());
        }
    }

    private static string Text(double share) => share.ToString("0.000", CultureInfo.InvariantCulture);
}
