using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Cli.Hosting.Runs;
using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class RunCommand : Verb
{
    private readonly Argument<string> _file = Positional<string>("file", "FILE", "a sweep file, or the id of a sweep that is to go on");
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _libtorch = CommonOptions.Libtorch();
    private readonly Option<string> _device = CommonOptions.Device();
    private readonly Option<string?> _slots = CommonOptions.Slots();
    private readonly Option<bool> _noMps = CommonOptions.NoMps();
    private readonly Option<int?> _count = CountOption.Create();
    private readonly PriorOption _prior = PriorOption.Create();
    private readonly Option<int?> _http = CommonOptions.HttpPort();
    private readonly Option<bool> _new = Flag("--new", "start another sweep even if one with this content or name is there");
    private readonly Option<bool> _extend = Flag("--extend", "the file has changed: go on with the sweep of its name");
    private readonly Option<bool> _plain = SweepViews.Plain();
    private readonly Option<bool> _retry = Flag("--retry", "run the failed trials of the sweep again");

    public RunCommand(CommonOptions options)
        : base("run", "search here and now, on this machine", "Sweeps",
            ("seqsweep run sweep.yaml", "run to the end; after an interruption the same command goes on"),
            ("seqsweep run sweep.yaml --slots 1", "one trial at a time"),
            ("seqsweep run sweep.yaml --count 50", "at most 50 configurations, as with wandb agent --count"),
            ("seqsweep run sweep.yaml --extend", "with a larger cap or a wider space in the file: what is missing"),
            ("seqsweep run sweep.yaml --retry", "the failed trials again, once their program is repaired"),
            ("seqsweep run sweep.yaml --new", "again from the start"),
            ("seqsweep run wider.yaml --prior tcn-7f3k", "begins with what that sweep found"))
    {
        this.Takes(
            _file, options.Database, _data, _libtorch, _device, _slots, _noMps, _count, _prior, _new, _extend, _retry, _http, _plain);
        SetAction(async (parsed, interrupted) =>
        {
            var context = options.Context;
            var file = parsed.GetValue(_file)!;
            var stored = StoredSweep(context, file, options.DatabasePath(parsed));
            RequireFile(stored, parsed.GetValue(_count));
            var parsedFile = stored is not null ? SweepFile.Parse(stored.Spec, $"{stored.Name}.yaml")
                : _count.Apply(parsed, SweepSource.Parse(context, file));
            var definition = SweepSource.Require(context, parsedFile);
            var run = new RunOptions(
                File: file,
                Database: options.DatabasePath(parsed),
                DataFolder: parsed.GetValue(_data) is { } data ? Path.GetFullPath(data, context.Folder) : null,
                Libtorch: InstalledLibtorch.FolderOf(parsed.GetValue(_libtorch), context.Folder, context.Variable),
                Device: parsed.GetValue(_device)!,
                Parallel: SlotsWish.Read(parsed.GetValue(_slots)),
                New: parsed.GetValue(_new),
                Priors: [],
                Extend: parsed.GetValue(_extend),
                Retry: parsed.GetValue(_retry),
                Meant: stored is null ? null : SweepId.Parse(stored.Sweep),
                HttpPort: parsed.GetValue(_http) ?? 0,
                NoMps: parsed.GetValue(_noMps));
            Check(run, definition, context.Folder);
            RequireNoHead(run, context);
            using var results = new FileResults(new ResultReader(run.Database), context.Time);
            run = run with { Priors = await _prior.ReadAsync(parsed, definition, results, interrupted) };
            var view = SweepViews.ForPerson(
                options, parsed, definition, results, parsed.GetValue(_plain), context.Error,
                "Ctrl-C ends this run; the same command goes on");
            using var said = interrupted.Register(() => view.Say("stopping: running trials write a checkpoint; once more quits at once"));
            var status = await RunAsync(run, parsedFile.Source, definition, view, context, interrupted);
            return await ConcludeAsync(options, parsed, run, status, results, interrupted);
        });
    }

    private static void RequireFile(SweepRow? stored, int? count)
    {
        if (stored is not null && count is { } given)
        {
            throw new CommandError(ExitCodes.Usage, $"--count goes with a file, and {stored.Sweep} is there already",
                $"seqsweep edit {stored.Sweep} --run-cap {given}");
        }
    }

    private static void Check(RunOptions run, SweepDefinition definition, string folder)
    {
        if (run.New && (run.Extend || run.Retry))
        {
            throw new CommandError(
                ExitCodes.Usage, "--new excludes --extend and --retry", "a sweep is started, or another one goes on");
        }

        if (definition.Program == Trainables.TrainableCatalog.Asked)
        {
            throw new CommandError(
                ExitCodes.NotAllowed, "the trials of program 'ask' are asked for: nothing here runs them",
                $"start a head, then: seqsweep submit {run.File}, seqsweep ask");
        }

        if (SweepSource.ProgramProblem(definition, folder, run.File) is var (problem, fix))
        {
            throw new CommandError(ExitCodes.NotFound, problem, fix);
        }
    }

    /// <summary>The sweep of that id, its beginning or <c>@last</c>, where there is no such file.</summary>
    private static SweepRow? StoredSweep(CommandContext context, string name, string database) =>
        name != "-" && !Path.Exists(Path.Combine(context.Folder, name)) && File.Exists(database)
            && new ResultReader(database).FindSweeps(name) is [var only]
            ? only
            : null;

    /// <summary>Who has a head wants its workers, and not a second program on its database.</summary>
    private static void RequireNoHead(RunOptions run, CommandContext context)
    {
        if (new ResultReader(run.Database).HeadProcess() is not { } pid) return;

        var isRun = HeadAddress.HolderOf(run.Database, context.Variable) is { Gateway: null };
        throw new CommandError(
            ExitCodes.Usage,
            $"{run.Database} is in use by {(isRun ? "another run" : "a head or another run")} (pid {pid})",
            (isRun ? $"watch that one: seqsweep watch{context.DatabaseArgument(run.Database)}"
                : $"give the sweep to the head: seqsweep submit {run.File}") + "   (or name another file with --db)");
    }

    private static async Task<SweepStatus?> RunAsync(
        RunOptions run, string source, SweepDefinition definition, ISweepView view, CommandContext context, CancellationToken interrupted)
    {
        try
        {
            return await new SweepRun(run, context).ExecuteAsync(source, definition, view, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return null;
        }
        catch (DatasetException error)
        {
            throw new CommandError(ExitCodes.NotFound, error.Message);
        }
        catch (SweepRefusedException error)
        {
            throw new CommandError(ExitCodes.NotAllowed, error.Message);
        }
        catch (ArgumentException error) when (error.ParamName is null)
        {
            throw new CommandError(ExitCodes.Usage, error.Message);
        }
    }

    private async Task<int> ConcludeAsync(
        CommonOptions options, ParseResult parsed, RunOptions run, SweepStatus? status, ResultSource results,
        CancellationToken interrupted)
    {
        var context = options.Context;
        if (status is null || !status.State.IsFinal())
        {
            if (status is { Top.IsEmpty: false })
            {
                context.Say($"{SweepText.Headline(status)}, the best so far:");
                await WriteBestAsync(options, parsed, results, status.Sweep);
            }

            context.Say($"interrupted; nothing is lost. To go on: seqsweep run {run.File}{_count.Argument(parsed)}"
                + context.DatabaseArgument(run.Database));
            throw new OperationCanceledException(interrupted);
        }

        var headline = SweepText.Headline(status);
        if (status.State == SweepState.Failed)
        {
            context.Say(headline);
            var example = new ResultReader(run.Database).Failures(status.Sweep) is [var first, ..] ? first.Example : null;
            throw new CommandError(
                ExitCodes.SweepFailed, $"sweep {status.Sweep} failed: {status.Reason}",
                $"seqsweep show {example ?? status.Sweep.Value}{context.DatabaseArgument(run.Database)} tells what happened");
        }

        context.Say($"{headline}: {status.Reason}");
        await WriteBestAsync(options, parsed, results, status.Sweep);
        return ExitCodes.Ok;
    }

    private static async Task WriteBestAsync(CommonOptions options, ParseResult parsed, ResultSource results, SweepId sweep) =>
        await LeaderboardCommand.WriteAsync(
            options, parsed, results, await SweepReference.ResolveAsync(results, sweep.Value, CancellationToken.None), top: 10,
            CancellationToken.None);
}
