namespace SeqMnistSweep.Cli.Watching;

/// <summary>One trial as lines: where it is, its configuration in full, its metric epoch by epoch.</summary>
internal sealed class TrialScreen(string metric, bool unicode)
{
    private const int Names = 12;

    /// <param name="trial">Null while it is being read.</param>
    public IReadOnlyList<Line> Lines(
        int number, TrialRow? trial, IReadOnlyList<ReportRow> reports, (int Width, int Height) size, IReadOnlyList<Line> foot)
    {
        var lines = new List<Line> { new($"trial {number}", "bold") };
        if (trial is not null)
        {
            lines.AddRange(Facts(trial).SelectMany(fact => Wrapped(fact.Name, fact.Text, size.Width)));
            var rows = reports.Select(row => (row.Epoch, Metrics: EpochReport.FromJson((int)row.Epoch, row.Metrics))).ToList();
            var curve = Bar.Curve([.. rows.Select(row => row.Metrics[metric])], Math.Max(1, size.Width - Names - 1), unicode);
            lines.AddRange(Wrapped(metric, curve, size.Width));
            var room = size.Height - lines.Count - foot.Count - 2;
            if (room > 0 && rows.Count > 0)
            {
                lines.AddRange([Line.Empty, .. Line.Of(Reports(rows.TakeLast(room)), Math.Max(1, size.Width - 1), unicode)]);
            }
        }

        return Line.Fill(lines, size.Height, foot);
    }

    private IEnumerable<(string Name, string Text)> Facts(TrialRow trial)
    {
        yield return ("state", trial.Message is { } message ? $"{trial.State}: {message}" : trial.State);
        yield return (metric, trial.Value is { } value ? $"{Cell.Metric(metric, value).Text} at epoch {trial.Epoch}, the best" : "");
        yield return ("worker", trial.Worker is { } worker ? $"{worker}, {trial.Device}" : "");
        yield return ("started", Cell.Time(trial.Started).Text);
        yield return ("finished", Cell.Time(trial.Finished).Text);
        yield return ("seed", $"{trial.Seed}");
        yield return ("parameters", ParameterSet.FromJson(trial.Params).ToString());
    }

    private static IEnumerable<Line> Wrapped(string name, string text, int width) => text.Length == 0 ? []
        : WordWrap.Lines(TableOutput.Plain(text), Math.Max(1, width - Names - 1))
            .Select((line, i) => new Line(((i == 0 ? name : "").PadRight(Names), "bold"), (line, "")));

    private static TableOutput Reports(IEnumerable<(long Epoch, EpochReport Metrics)> rows)
    {
        var all = rows.ToList();
        var names = all.SelectMany(row => row.Metrics.Metrics.Keys).Distinct().OrderBy(EpochReport.IsTiming)
            .ThenBy(name => name, StringComparer.Ordinal).ToList();
        return TableOutput.Of(
            ["epoch", .. names], all, row => [row.Epoch, .. names.Select(name => (object?)Cell.Metric(name, row.Metrics[name]))]);
    }
}
