using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>One file that shows a sweep to somebody who has nothing but a browser: no script, nothing read from elsewhere.</summary>
internal static partial class HtmlReport
{
    private const int MaxRows = 100;

    private static readonly string Template = ReadTemplate();

    public static string Of(
        SweepExport export, IReadOnlyList<LeaderboardRow> leaderboard, IReadOnlyList<FrontRow> front, IReadOnlyList<ExportedTrial> trials,
        DateTimeOffset now)
    {
        var sweep = export.Sweep;
        var reason = sweep.Reason is null ? "" : $": {sweep.Reason}";
        var counts = $"{sweep.Completed} completed, {sweep.Pruned} pruned, {sweep.Failed} failed of {sweep.Trials} trials";
        var goals = export.Metrics.Select(metric => $"{metric.Name} {(metric.Maximize ? "maximised" : "minimised")}");
        return Fill(Template, new()
        {
            ["sweep"] = Html(sweep.Sweep),
            ["summary"] = Html($"{sweep.State}{reason}; {counts}; {sweep.Method}, {string.Join(", ", goals)}."),
            ["history"] = History(sweep, trials),
            ["leaderboard"] = front.Count > 0 ? Front(export, front) : Leaderboard(export, leaderboard),
            ["failures"] = Failures(trials),
            ["spec"] = Html(sweep.Spec),
            ["written"] = Html(string.Create(
                CultureInfo.InvariantCulture,
                $"Written {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC by seqsweep; created {sweep.Created}, finished "
                    + $"{sweep.Finished ?? "not yet"}.")),
        });
    }

    /// <summary>Every <c>{{name}}</c> of the template once; what is put in is not looked at again.</summary>
    private static string Fill(string template, Dictionary<string, string> parts) =>
        Hole().Replace(template, hole => parts[hole.Groups[1].Value]);

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Hole();

    private static string ReadTemplate()
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.html")!);
        return reader.ReadToEnd();
    }

    private static string Leaderboard(SweepExport export, IReadOnlyList<LeaderboardRow> rows)
    {
        if (rows.Count == 0) return "<h2>Leaderboard</h2><p>No trial has completed.</p>\n";

        var metric = export.Sweep.Metric;
        return Table(
            "Leaderboard", ["rank", "trial", metric, "deviation", "seeds", "test accuracy"], rows, row => row.Params, export.Space, row =>
            [
                $"{row.Rank}", row.Trial.Split('/')[1], Metric(metric, row.Value), Metric(metric, row.Deviation),
                Cell.Seeds(row).Text,
                Metric("test_accuracy", row.TestAccuracy),
            ]);
    }

    private static string Front(SweepExport export, IReadOnlyList<FrontRow> rows)
    {
        var metrics = export.Metrics.Select(metric => metric.Name).ToList();
        return Table(
            "Pareto front", ["trial", .. metrics, "seeds"], rows, row => row.Params, export.Space, row =>
            [
                row.Trial.Split('/')[1], .. metrics.Select(name => Metric(name, row.Values[name]?.GetValue<double>())), $"{row.Seeds}",
            ]);
    }

    /// <summary>Some numbers of each configuration, and its parameters that are not the same in all.</summary>
    private static string Table<T>(
        string title, string[] heads, IReadOnlyList<T> rows, Func<T, string> configuration, SearchSpace? space, Func<T, string[]> numbers)
    {
        var varied = new VariedParameters(rows.Select(configuration), space, heads);
        var text = new StringBuilder($"<h2>{title}</h2><table><thead>");
        text.Append(Row("th", heads, varied.Columns)).Append("</thead><tbody>\n");
        foreach (var row in rows.Take(MaxRows))
        {
            text.Append(Row("td", numbers(row), varied.Of(configuration(row)).Select(value => $"{value}"))).Append('\n');
        }

        text.Append("</tbody></table>\n");
        return rows.Count > MaxRows ? $"{text}<p class=\"dim\">the first {MaxRows} of {rows.Count} configurations</p>\n" : text.ToString();
    }

    /// <summary>A row of a table: numbers, which stand at the right, then texts.</summary>
    private static string Row(string cell, IEnumerable<string> numbers, IEnumerable<string> texts) =>
        $"<tr>{string.Concat(numbers.Select(text => $"<{cell} class=\"n\">{Html(text)}</{cell}>"))}"
        + $"{string.Concat(texts.Select(text => $"<{cell}>{Html(text)}</{cell}>"))}</tr>";

    private static string History(SweepRow sweep, IReadOnlyList<ExportedTrial> trials)
    {
        var points = new List<(int Done, double Best)>();
        var done = 0;
        var means = new SeedMeans(sweep.Seeds, sweep.Maximize);
        var completed = trials.Where(trial => trial is { State: "completed", Finished: not null });
        foreach (var trial in completed.OrderBy(trial => trial.Finished, StringComparer.Ordinal))
        {
            done++;
            if (means.CompleteBest(trial.Configuration, trial.Value) is { } reached)
            {
                points.Add((done, reached));
            }
        }

        if (points.Count == 0) return "";

        var (low, high) = (points.Min(point => point.Best), points.Max(point => point.Best));
        double X(int at) => 10 + (780.0 * at / Math.Max(1, done));
        double Y(double value) => 170 - (high > low ? 150 * (value - low) / (high - low) : 75);
        var line = new StringBuilder();
        for (var i = 0; i < points.Count; i++)
        {
            var until = i + 1 < points.Count ? points[i + 1].Done : done;
            line.Append(
                CultureInfo.InvariantCulture, $"{X(points[i].Done):0.#},{Y(points[i].Best):0.#} {X(until):0.#},{Y(points[i].Best):0.#} ");
        }

        var summary = $"Best {Metric(sweep.Metric, points[^1].Best)}, first reached after {points[^1].Done} of {done} completed trials; "
            + $"it began at {Metric(sweep.Metric, points[0].Best)}.";
        return $"<h2>Best so far</h2><svg viewBox=\"0 0 800 180\" role=\"img\" aria-label=\"{Html(summary)}\"><polyline "
            + $"points=\"{line}\"/></svg>"
            + $"<p class=\"dim\">{Html(summary)}</p>\n";
    }

    private static string Failures(IReadOnlyList<ExportedTrial> trials)
    {
        var causes = trials.Where(trial => trial.State == "failed").GroupBy(trial => trial.Cause ?? "unknown")
            .OrderByDescending(group => group.Count()).ToList();
        var rows = causes.Select(cause => Row("td", [$"{cause.Count()}"], [cause.Key, $"{cause.First().Number}: {cause.First().Message}"]));
        return causes.Count == 0 ? ""
            : $"<h2>Failures</h2><table><thead>{Row("th", ["trials"], ["cause", "for example"])}</thead>"
                + $"<tbody>{string.Concat(rows)}</tbody></table>\n";
    }

    private static string Metric(string metric, double? value) => Cell.Metric(metric, value).Text;

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
