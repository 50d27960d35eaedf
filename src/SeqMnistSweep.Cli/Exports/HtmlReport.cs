using System.Globalization;
using System.Net;
using System.Text;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>One file that shows a sweep to somebody who has nothing but a browser: no script, nothing read from elsewhere.</summary>
internal static class HtmlReport
{
    private const int MostRows = 100;

    private const string Style =
        "body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1100px;padding:0 1rem;color-scheme:light dark;background:light-dark(#fff,#12161b);color:light-dark(#1a1d21,#e6eaef)}"
        + "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:3px 12px 3px 0;border-bottom:1px solid light-dark(#d5dae0,#323b46)}td.n,th.n{text-align:right}"
        + "pre{background:light-dark(#f2f4f6,#1f262e);padding:12px;overflow:auto}.dim{color:light-dark(#56606c,#9fabb8)}polyline{fill:none;stroke:light-dark(#0b6480,#5cc1de);stroke-width:2}svg{width:100%;height:auto}";

    public static string Of(SweepRow sweep, IReadOnlyList<LeaderboardRow> leaderboard, IReadOnlyList<ExportedTrial> trials, DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{Html(sweep.Sweep)}</title><style>{Style}</style></head><body>\n");
        text.Append(CultureInfo.InvariantCulture, $"<h1>{Html(sweep.Sweep)}</h1><p>{Html(sweep.State)}{Html(sweep.Reason is null ? "" : $": {sweep.Reason}")}; {sweep.Completed} completed, {sweep.Pruned} pruned, {sweep.Failed} failed of {sweep.Trials} trials; {Html(sweep.Method)}, {Html(sweep.Metric)} {(sweep.Maximize ? "maximised" : "minimised")}.</p>\n");
        text.Append(History(sweep, trials));
        text.Append(Leaderboard(sweep, leaderboard));
        text.Append(Failures(trials));
        text.Append(CultureInfo.InvariantCulture, $"<h2>Sweep file</h2><pre>{Html(sweep.Spec)}</pre>\n<p class=\"dim\">Written {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC by seqsweep; created {Html(sweep.Created)}, finished {Html(sweep.Finished ?? "not yet")}.</p></body></html>\n");
        return text.ToString();
    }

    private static string Leaderboard(SweepRow sweep, IReadOnlyList<LeaderboardRow> rows)
    {
        if (rows.Count == 0)
        {
            return "<h2>Leaderboard</h2><p>No trial has completed.</p>\n";
        }

        var sets = rows.Select(row => ParameterSet.FromJson(row.Params)).ToList();
        var varied = sets.SelectMany(set => set.Select(parameter => parameter.Key)).Distinct().Where(name => sets.Select(set => set[name]).Distinct().Count() > 1).ToList();
        var text = new StringBuilder($"<h2>Leaderboard</h2><table><thead><tr><th class=\"n\">rank</th><th class=\"n\">trial</th><th class=\"n\">{Html(sweep.Metric)}</th><th class=\"n\">deviation</th><th class=\"n\">seeds</th><th class=\"n\">test accuracy</th>{string.Concat(varied.Select(name => $"<th>{Html(name)}</th>"))}</tr></thead><tbody>\n");
        foreach (var (row, set) in rows.Zip(sets).Take(MostRows))
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{row.Rank}</td><td class=\"n\">{Html(row.Trial.Split('/')[1])}</td><td class=\"n\">{Metric(sweep.Metric, row.Value)}</td><td class=\"n\">{Metric(sweep.Metric, row.Deviation)}</td><td class=\"n\">{row.Seeds}</td><td class=\"n\">{Metric("test_accuracy", row.TestAccuracy)}</td>{string.Concat(varied.Select(name => $"<td>{Html(set[name]?.ToString() ?? "")}</td>"))}</tr>\n");
        }

        return text.Append("</tbody></table>\n").Append(rows.Count > MostRows ? $"<p class=\"dim\">the first {MostRows} of {rows.Count} configurations</p>\n" : "").ToString();
    }

    private static string History(SweepRow sweep, IReadOnlyList<ExportedTrial> trials)
    {
        var points = new List<(int Done, double Best)>();
        var done = 0;
        foreach (var value in trials.Where(trial => trial is { State: "completed", Finished: not null }).OrderBy(trial => trial.Finished, StringComparer.Ordinal).Select(trial => trial.Value))
        {
            done++;
            if (value is { } reached && (points.Count == 0 || (sweep.Maximize ? reached > points[^1].Best : reached < points[^1].Best)))
            {
                points.Add((done, reached));
            }
        }

        if (points.Count == 0)
        {
            return "";
        }

        var (low, high) = (points.Min(point => point.Best), points.Max(point => point.Best));
        double X(int at) => 10 + (780.0 * at / Math.Max(1, done));
        double Y(double value) => 170 - (high > low ? 150 * (value - low) / (high - low) : 75);
        var line = new StringBuilder();
        for (var i = 0; i < points.Count; i++)
        {
            var until = i + 1 < points.Count ? points[i + 1].Done : done;
            line.Append(CultureInfo.InvariantCulture, $"{X(points[i].Done):0.#},{Y(points[i].Best):0.#} {X(until):0.#},{Y(points[i].Best):0.#} ");
        }

        var summary = $"Best {Metric(sweep.Metric, points[^1].Best)}, first reached after {points[^1].Done} of {done} completed trials; it began at {Metric(sweep.Metric, points[0].Best)}.";
        return $"<h2>Best so far</h2><svg viewBox=\"0 0 800 180\" role=\"img\" aria-label=\"{Html(summary)}\"><polyline points=\"{line}\"/></svg><p class=\"dim\">{Html(summary)}</p>\n";
    }

    private static string Failures(IReadOnlyList<ExportedTrial> trials)
    {
        var causes = trials.Where(trial => trial.State == "failed").GroupBy(trial => trial.Cause ?? "unknown").OrderByDescending(group => group.Count()).ToList();
        return causes.Count == 0 ? "" : $"<h2>Failures</h2><table><thead><tr><th>cause</th><th class=\"n\">trials</th><th>for example</th></tr></thead><tbody>{string.Concat(causes.Select(cause => $"<tr><td>{Html(cause.Key)}</td><td class=\"n\">{cause.Count()}</td><td>{Html($"{cause.First().Number}: {cause.First().Message}")}</td></tr>"))}</tbody></table>\n";
    }

    private static string Metric(string metric, double? value) => Html(Cell.Metric(metric, value).Text);

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
