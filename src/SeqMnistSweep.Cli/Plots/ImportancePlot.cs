using SeqMnistSweep.Importance;

namespace SeqMnistSweep.Cli.Plots;

internal static class ImportancePlot
{
    public const string Noise = "cannot be told from noise";

    private const int Bar = 30;

    /// <exception cref="CommandError">Too few trials have completed.</exception>
    public static Plot Of(PlotData data, ImportanceAnswer answer)
    {
        if (answer.Configurations < answer.Needed)
        {
            throw new CommandError(
                ExitCodes.NotFinished,
                $"{Plural.Of(answer.Configurations, "configuration")} of {data.Sweep.Sweep} say nothing of what matters: it takes {answer.Needed}",
                "ask again when more have completed");
        }

        var table = TableOutput.Of(
            ["parameter", "importance", "low", "high", "noise", "configurations", "epoch"],
            answer.Shares,
            item =>
            [
                item.Name, Share(item.Share), Share(item.Low), Share(item.High), item.IsNoise, answer.Configurations, answer.Epoch,
            ]);
        return new Plot(table, (writer, profile) => Draw(data, answer, writer, profile));
    }

    private static void Draw(PlotData data, ImportanceAnswer answer, TextWriter writer, ConsoleProfile profile)
    {
        var names = answer.Shares.Select(item => item.Name.Length).DefaultIfEmpty(0).Max();
        var bar = Math.Clamp((profile.Width ?? 80) - names - Noise.Length - 23, 10, Bar);
        writer.WriteLine(profile.Bold($"what has to do with the best {data.Sweep.Metric}"));
        foreach (var item in answer.Shares)
        {
            var length = new string(profile.Unicode ? '█' : '#', (int)Math.Round(item.Share * bar));
            var line = $"{item.Name.PadRight(names)}  {Text(item.Share)}  {Text(item.Low)} to {Text(item.High)}  {length.PadRight(bar)}";
            writer.WriteLine($"{line}  {(item.IsNoise ? Noise : "")}".TrimEnd());
        }

        writer.WriteLine(Basis(answer));
        if (answer.IsAdaptive)
        {
            writer.WriteLine($"  {data.Sweep.Method} searches near the best: what it narrowed early looks like noise by now");
        }
    }

    private static string Basis(ImportanceAnswer answer)
    {
        var compared = answer.Epoch is { } epoch ? $", compared at epoch {epoch}; {answer.Unfinished} of them were stopped early" : "";
        var few = answer.Configurations < answer.Enough ? $"; below {answer.Enough} only the strongest effects show" : "";
        return $"  of {Plural.Of(answer.Configurations, "configuration")}{compared}{few}";
    }

    private static Cell Share(double share) => new(share, Text(share));

    private static string Text(double share) => share.ToString("0.00", CultureInfo.InvariantCulture);
}
