using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class FilesCommand : Verb
{
    private readonly Argument<string> _trial = Reference.Trial();
    private readonly Argument<string?> _name =
        Positional<string?>("name", "[NAME]", "one of them, which is written here", ArgumentArity.ZeroOrOne);
    private readonly Option<string?> _to =
        Value<string?>("--to", "PATH", "where to, a file or a folder; a file of that name here when absent");
    private readonly Option<bool> _force = Flag("--force", "overwrite the file");

    public FilesCommand(CommonOptions options)
        : base("files", "the files that a trial's program wrote to SEQSWEEP_OUTPUT", "Results",
            ("seqsweep files tcn-7f3k/17", "their names"),
            ("seqsweep files tcn-7f3k/17 plots/roc.png --to roc.png", "one of them"))
    {
        this.Takes(_trial, _name, options.Database, options.Head, _to, _force);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var (_, row) = await SweepReference.ResolveTrialAsync(results, parsed.GetValue(_trial)!, stop);
            var trial = TrialId.Parse(row.Trial);
            if (parsed.GetValue(_name) is { } name)
            {
                await FetchAsync(options, parsed, results, trial, name, stop);
            }
            else
            {
                await ListAsync(options, parsed, results, trial, stop);
            }
        });
    }

    private static async Task ListAsync(
        CommonOptions options, ParseResult parsed, ResultSource results, TrialId trial, CancellationToken stop)
    {
        var files = await results.FilesAsync(trial, stop);
        options.Write(parsed, TableOutput.Of(
            ["name", "bytes", "modified"],
            files,
            file => [file.Name, file.Bytes, Cell.Time(Timestamp.Format(file.Modified))]));
        if (files.Count == 0)
        {
            options.Context.Say($"{trial} has no files {results.Where}: a program writes them to the folder SEQSWEEP_OUTPUT");
        }
    }

    private async Task FetchAsync(
        CommonOptions options, ParseResult parsed, ResultSource results, TrialId trial, string name, CancellationToken stop)
    {
        await using var content = await results.OpenFileAsync(trial, name, stop);
        if (content is null)
        {
            var nearest = NearestName.Of(name, (await results.FilesAsync(trial, stop)).Select(file => file.Name));
            throw new CommandError(
                ExitCodes.NotFound, $"{trial} has no file '{name}' {results.Where}",
                nearest is null ? $"seqsweep files {trial} lists what there is" : $"did you mean {nearest}?");
        }

        var path = TargetFile.Of(options.Context, parsed.GetValue(_to), name[(name.LastIndexOf('/') + 1)..], parsed.GetValue(_force));
        var bytes = await TargetFile.WriteAsync(path, content, digest: null, stop);
        options.Tell(
            parsed, new JsonObject { ["trial"] = trial.ToString(), ["name"] = name, ["file"] = path, ["bytes"] = bytes },
            $"{path} ({bytes} bytes)");
    }
}
