using SeqMnistSweep.Worker.Agents;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class LogsCommand : Verb
{
    private readonly Argument<string> _trial = Reference.Trial();
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "go on until the trial has ended" };
    private readonly Option<int?> _tail = Value<int?>("--tail", "N", "begin with the last N lines");

    public LogsCommand(CommonOptions options)
        : base("logs", "what a trial wrote, here or on the worker that runs it", "Fleet",
            ("seqsweep logs tcn-7f3k/17", "the log of its attempts on its worker"),
            ("seqsweep logs tcn-7f3k/17 -f", "and what comes, until it has ended"),
            ("seqsweep logs @last/1 --tail 20", "the last 20 lines"))
    {
        this.Takes(_trial, options.Database, options.Head, _follow, _tail);
        SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(_tail) is < 0)
            {
                throw new CommandError(ExitCodes.Usage, $"--tail {parsed.GetValue(_tail)} is below 0", "give a number of lines");
            }

            using var results = await options.OpenResultsAsync(parsed, stop);
            if (results is FileResults file)
            {
                var (_, row) = await SweepReference.ResolveTrialAsync(results, parsed.GetValue(_trial)!, stop);
                var id = TrialId.Parse(row.Trial);
                if (Local(file.Path, row.Worker, id) is { } here)
                {
                    var log = TrialLogReader.Of(file, id, here, row.Worker ?? "", options.Context.Time, options.Context.Say);
                    await ReadAsync(options, parsed, log, id, stop);
                    return;
                }

                if (!file.IsHeld)
                {
                    throw new CommandError(
                        ExitCodes.NotFound, $"there is no log of {id} beside {file.Path}",
                        row.Worker is null ? "it has not begun yet" : "a test function writes none, and a worker elsewhere keeps its own");
                }
            }

            await using var session = await options.OpenHeadAsync(parsed, stop);
            var trial = await SweepReference.TrialIdAsync(session.Results, parsed.GetValue(_trial)!, stop);
            await ReadAsync(
                options, parsed, TrialLogReader.Of(session, trial, options.Context.Time, options.Context.Say), trial, stop);
        });
    }

    /// <summary>The log of a run, or of a worker of this folder; null where neither has one.</summary>
    private static string? Local(string database, string? worker, TrialId trial)
    {
        var folder = Path.GetDirectoryName(database)!;
        string[] folders = [Path.Combine(folder, "logs"), Path.Combine(folder, "workers", worker ?? "", "logs")];
        return folders.Select(logs => TrialLog.PathOf(logs, trial)).FirstOrDefault(File.Exists);
    }

    private Task ReadAsync(CommonOptions options, ParseResult parsed, TrialLogReader log, TrialId trial, CancellationToken stop)
    {
        var write = Writer(options, parsed, trial);
        return parsed.GetValue(_follow)
            ? log.FollowAsync(parsed.GetValue(_tail), write, stop)
            : log.ReadAsync(parsed.GetValue(_tail), write, stop);
    }

    /// <summary>The log's own lines; with <c>-o json</c> an object for each.</summary>
    private static Action<string> Writer(CommonOptions options, ParseResult parsed, TrialId trial)
    {
        var output = options.Context.Out;
        return options.IsJson(parsed)
            ? line => output.WriteLine(
                TableOutput.ToText(new JsonObject { ["trial"] = trial.ToString(), ["line"] = line }, indented: false))
            : output.WriteLine;
    }
}
