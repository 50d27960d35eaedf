using SeqMnistSweep.Files;
using SeqMnistSweep.Security;
using SeqMnistSweep.Worker;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class LogsCommand : Verb
{
    private readonly Argument<string> _trial = Reference.Trial();
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "go on until the trial has ended" };
    private readonly Option<int?> _tail = Value<int?>("--tail", "N", "begin with the last N lines");

    public LogsCommand(CommonOptions options)
        : base("logs", "what a trial wrote, here, on the head or on its worker", "Fleet",
            ("seqsweep logs tcn-7f3k/17", "the log of its attempts"),
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
                if (Local(file, row.Worker, id) is { Count: > 0 } here)
                {
                    var log = TrialLogReader.Of(file, id, here, row.Worker ?? "", options.Context.Time, options.Context.Say);
                    await ReadAsync(options, parsed, log, id, stop);
                    return;
                }

                if (!file.IsHeld)
                {
                    throw new CommandError(
                        ExitCodes.NotFound, $"there is no log of {id} beside {file.Path}",
                        row.Worker is null ? "it has not begun yet"
                            : WorkerName.AskerOf(row.Worker) is { } client ? $"{client} asked for it: what that prints is not kept here"
                            : "a test function writes none; a worker brings its own when the attempt ends");
                }
            }

            await using var session = await options.OpenHeadAsync(parsed, stop, reads: true);
            var trial = await SweepReference.TrialIdAsync(session.Results, parsed.GetValue(_trial)!, stop);
            await ReadAsync(
                options, parsed, TrialLogReader.Of(session, trial, options.Context.Time, options.Context.Say), trial, stop);
        });
    }

    /// <summary>The log of a run, those that workers have brought, that of a worker of this folder. What a head's workers elsewhere write only
    /// the head knows: none, as long as it is there.</summary>
    private static List<string> Local(FileResults results, string? worker, TrialId trial)
    {
        var folder = Path.GetDirectoryName(results.Path)!;
        var logs = Path.Combine(folder, "logs");
        var ofRun = TrialLog.PathOf(logs, trial);
        var kept = LogFile.OfAttempts(TrialLog.FolderOf(logs, trial));
        var ofWorker = LogFile.OfAttempts(TrialLog.FolderOf(Path.Combine(folder, "workers", worker ?? "", "logs"), trial))
            .ExceptBy(kept.Select(LogFile.AttemptOf), LogFile.AttemptOf).ToList();
        return results.IsHeld && !File.Exists(ofRun) && ofWorker.Count == 0
            ? []
            : [.. new[] { ofRun }.Where(File.Exists), .. kept.Concat(ofWorker).OrderBy(LogFile.AttemptOf).Select(file => file.FullName)];
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
