using System.Text.Json;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>What the pages of one sweep ask a head for, and what it says.</summary>
/// <param name="where">Which trials; null for all.</param>
internal sealed class ReportAnswers(ResultSource results, SweepRow sweep, string? where)
{
    /// <summary>Of trials in the table, the best ones.</summary>
    private const int MostRows = 20_000;

    /// <summary>Trials whose curves, log and events are there too, the best ones: as many as the picture of all curves draws as lines.</summary>
    private const int MostDetailed = 500;

    /// <summary>Parameters of which two make a picture.</summary>
    private const int MostSides = 7;

    /// <summary>Characters of a log that are kept, from its end.</summary>
    private const int LogEnd = 6000;

    private const string Columns =
        "number,configuration,state,cause,value,best_epoch,epochs_done,test_loss,test_accuracy,seed,attempts,failures,worker,device,"
        + "created,started,finished,seconds,purpose,origin,message,params.*,metrics.*";

    private readonly string _path = $"sweeps/{sweep.Sweep}";

    public async Task<JsonNode> TableAsync(CancellationToken stop)
    {
        var filter = where is null ? "" : $"&where={Uri.EscapeDataString(where)}";
        return await results.AnswerAsync(
            $"{_path}/trials?columns={Columns}&sort={(sweep.Maximize ? "-" : "")}value&limit={MostRows}{filter}", stop)
            ?? throw new CommandError(ExitCodes.NotFound, $"there is no sweep '{sweep.Sweep}' {results.Where}");
    }

    /// <summary>Of the sweep as a whole, by path.</summary>
    public async Task<JsonObject> OfSweepAsync(IReadOnlyList<int> trials, CancellationToken stop)
    {
        List<string> paths =
            ["", "/summary", "/leaderboard", "/history", "/failures", "/events?last=200", "/space", "/importance", "/front", "/ladder"];
        var metrics = (await MetricsAsync(trials, stop)).Select(Uri.EscapeDataString).ToList();
        paths.AddRange(from picture in (string[])["density", "rungs"] from metric in metrics select $"/{picture}?metric={metric}");
        var pairs = await PairsAsync(stop);
        paths.AddRange(from picture in (string[])["infeasible", "contour"] from pair in pairs select $"/{picture}?{pair}");
        return await AskAsync(paths.Select(path => _path + path), stop);
    }

    /// <summary>The trials whose pages are whole: the best of them, and an example of each failure.</summary>
    public async Task<IReadOnlyList<int>> DetailedAsync(IReadOnlyList<int> trials, CancellationToken stop)
    {
        var failed = (await results.FailuresAsync(SweepId.Parse(sweep.Sweep), stop)).Select(one => TrialId.Parse(one.Example).Number);
        return [.. trials.Take(MostDetailed).Concat(failed.Intersect(trials)).Distinct()];
    }

    /// <summary>Of one trial, by path.</summary>
    /// <param name="pixels">How fine its curves are.</param>
    public async Task<JsonObject> OfTrialAsync(int number, int pixels, CancellationToken stop)
    {
        var trial = $"trials/{sweep.Sweep}/{number}";
        string[] parts = ["", $"/curves?pixels={pixels}", "/attempts", "/events?last=200", "/steps", "/checkpoints", "/samples"];
        var answers = await AskAsync(parts.Select(part => trial + part), stop);
        answers[$"{trial}/log"] = await LogAsync(trial, stop);
        var files = await results.FilesAsync(TrialId.Parse($"{sweep.Sweep}/{number}"), stop);
        answers[$"{trial}/files"] = JsonSerializer.SerializeToNode(files, Head.Live.ResultJson.Options);
        return answers;
    }

    private async Task<JsonNode?> LogAsync(string trial, CancellationToken stop)
    {
        var (text, offset) = ("", 0L);
        while (await results.AnswerAsync($"{trial}/log?offset={offset}", stop) is JsonObject chunk)
        {
            if ((string?)chunk["text"] is not { Length: > 0 } more)
            {
                chunk["text"] = text;
                return chunk;
            }

            text = text + more is { Length: > LogEnd } all ? all[^LogEnd..] : text + more;
            offset = (long)chunk["next"]!;
        }

        return new JsonObject { ["text"] = text, ["next"] = 0, ["reason"] = null };
    }

    private async Task<JsonObject> AskAsync(IEnumerable<string> paths, CancellationToken stop)
    {
        var asked = paths.ToList();
        var answers = await Task.WhenAll(asked.Select(path => results.AnswerAsync(path, stop)));
        return new JsonObject(asked.Zip(answers, KeyValuePair.Create).Where(answer => answer.Value is not null));
    }

    /// <summary>All that the best trial has reported, the sweep's own first.</summary>
    private async Task<IEnumerable<string>> MetricsAsync(IReadOnlyList<int> trials, CancellationToken stop)
    {
        var curves = trials.Count == 0 ? null : await results.AnswerAsync($"trials/{sweep.Sweep}/{trials[0]}/curves?pixels=1", stop);
        var reported = curves?["metrics"]?.AsArray().Select(one => (string)one!["metric"]!) ?? [];
        return reported.Prepend(sweep.Metric).Distinct();
    }

    /// <summary>Any two parameters, as sides of a picture.</summary>
    private async Task<List<string>> PairsAsync(CancellationToken stop)
    {
        var space = await results.AnswerAsync($"{_path}/space", stop);
        var names = (space?["parameters"]?.AsArray() ?? []).Where(one => (bool)one!["varies"]!)
            .Select(one => Uri.EscapeDataString((string)one!["name"]!)).Take(MostSides).ToList();
        return [.. from x in names from y in names where x != y select $"x={x}&y={y}"];
    }
}
