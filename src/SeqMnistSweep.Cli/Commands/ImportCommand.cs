using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Imports;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ImportCommand : Verb
{
    private const string Points = "points";
    private const string Observations = "observations";
    private const string Space = "space";
    private const string Sweep = "sweep";

    private readonly Argument<string> _file =
        Positional<string>("file", "FILE",
            "a table with a column per parameter, CSV or JSON, of export, Optuna, W&B, Ray Tune or any other; a study of Optuna, its "
                + "journal or its SQLite file; or the folder of an experiment of Ray Tune; - reads stdin");
    private readonly Option<string> _as =
        Value("--as", "KIND", "points: to be run here first; observations: results that the search begins with, as of a --prior; space: "
            + "prints a sweep file with the search space; sweep: stored as a sweep that has ended, with its curves", Points);
    private readonly Option<string?> _into = Value<string?>("--into", "SWEEP",
        "points: ask for them in this sweep, on its head, instead of printing them for a sweep file, or print them as this sweep file "
            + "has them; observations: the sweep file to submit with them");
    private readonly Option<string?> _study = Value<string?>("--study", "NAME", "the study of Optuna, where the file has several");
    private readonly Option<int> _top = Value("--top", "N", "points: the best of them", 10);
    private readonly Option<string> _metric = Value("--metric", "COLUMN",
        "of a table, the column with the values; of a study, what they are called here", "value");
    private readonly Option<string?> _goal = Value<string?>("--goal", "GOAL",
        "maximize or minimize; a study has its own; a table needs it, unless COLUMN is the sweep's metric; of points else maximize");
    private readonly Option<string?> _parameters = Value<string?>("--parameters", "NAMES",
        "of a table, the columns that are parameters, with commas; else those that the tool marks so");
    private readonly Option<string[]> _curves = new("--curves")
    {
        HelpName = "FILE",
        Description = "sweep: curves of the table's runs, a chart of W&B as CSV or a row per step; may be repeated",
        AllowMultipleArgumentsPerToken = false,
    };

    public ImportCommand(CommonOptions options)
        : base("import", "begin with what was tried elsewhere", "Results",
            ("seqsweep import study.journal --top 5 >> sweep.yaml", "as the enqueue of a new sweep"),
            ("seqsweep import trials.csv --metric val_loss --goal minimize --into @last", "tried next in a sweep that runs"),
            ("seqsweep import study.db --as space > sweep.yaml", "its search space as a sweep file"),
            (
                "seqsweep import study.journal --as observations --into sweep.yaml",
                "submits it; the search goes on from the study's results"),
            ("seqsweep import ~/ray_results/tune --as sweep --metric loss --goal minimize", "to be looked at here, with its curves"))
    {
        _as.AcceptOnlyFromAmong(Points, Observations, Space, Sweep);
        _goal.AcceptOnlyFromAmong("maximize", "minimize");
        this.Takes(_file, _as, _into, _study, _top, _metric, _goal, _parameters, _curves, options.Database, options.Head, options.Reason);

        SetAction((parsed, stop) => RunAsync(options, parsed, stop));
    }

    private async Task<int> RunAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        var kind = parsed.GetValue(_as);
        if (parsed.GetValue(_top) is < 1 and var top)
        {
            throw new CommandError(ExitCodes.Usage, $"--top {top} takes nothing", "give a number from 1");
        }

        if (parsed.GetValue(_curves) is { Length: > 0 } && kind != Sweep)
        {
            throw new CommandError(ExitCodes.Usage, "--curves are those of a sweep", "add --as sweep");
        }

        if (kind is Space or Sweep && parsed.GetValue(_into) is { } idle)
        {
            throw new CommandError(ExitCodes.Usage, $"--as {kind} goes into no other sweep", $"leave out --into {idle}");
        }

        if (kind == Observations) return await SubmitAsync(options, parsed, stop);

        var file = ReadFile(options, parsed);
        if (kind is Space or Sweep) return await StoreAsync(options, parsed, file, isPrinted: kind == Space, stop);

        var into = parsed.GetValue(_into);
        if (into is not null && SweepFileOf(options, into) is null) return await EnqueueAsync(options, parsed, file, into, stop);

        var (best, of) = Best(options, parsed, file, into is null ? null : SweepFileOf(options, into));
        options.Context.Out.WriteLine("enqueue:");
        foreach (var point in best)
        {
            options.Context.Out.WriteLine($"  - {point.Parameters.ToJson()}");
        }

        options.Context.Say($"the best {best.Count} of {of}; they are tried first in a sweep file that has them");
        return ExitCodes.Ok;
    }

    private async Task<int> StoreAsync(CommonOptions options, ParseResult parsed, ForeignFile file, bool isPrinted, CancellationToken stop)
    {
        SayGuess(options, parsed, file, null);
        var runs = SweepOfRuns.Of(
            file, parsed.GetValue(_metric)!, parsed.GetValue(_goal), Named(parsed), Stored(options, parsed, file.Sweep));
        if (runs.Renamed.Count > 0)
        {
            options.Context.Say(OutsideText.OnOneLine(
                $"called otherwise here: {string.Join(", ", runs.Renamed.Select(name => $"'{name.Theirs}' {name.Ours}"))}"));
        }

        if (isPrinted)
        {
            options.Context.Out.Write(runs.Source);
            options.Context.Say("'program: ask' runs nothing here: name the program that is to be run");
            return ExitCodes.Ok;
        }

        if (runs.Every > 1)
        {
            options.Context.Say($"of every {runs.Every} points of the curves one is kept");
        }

        var request = new ImportRequest(runs.Source, runs.FileName, runs.Trials, HeadSession.By);
        var (reply, database) = await SweepStore.ImportAsync(options, parsed, request, stop);
        if (options.IsJson(parsed))
        {
            options.WriteJson(parsed, new JsonObject
            {
                ["sweep"] = reply.Sweep.Value, ["state"] = reply.State.ToName(), ["trials"] = reply.Trials, ["reports"] = reply.Reports,
            });
        }
        else
        {
            options.Context.Out.WriteLine(reply.Sweep);
        }

        var states = runs.Trials.CountBy(trial => trial.State).OrderBy(state => state.Key)
            .Select(state => $"{state.Value} {state.Key.ToName()}");
        var where = database is null ? options.HeadArgument(parsed) : options.Context.DatabaseArgument(database);
        options.Context.Say($"{reply.Sweep}: {string.Join(", ", states)}; {Plural.Of(reply.Reports, "report")}");
        options.Context.Say($"  results     seqsweep leaderboard {reply.Sweep}{where}");
        return ExitCodes.Ok;
    }

    /// <summary>A search's prior is fixed when it is submitted, so that it can be replayed: hence a file and no sweep.</summary>
    private async Task<int> SubmitAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        if (parsed.GetValue(_into) is not { } into || !File.Exists(Path.GetFullPath(into, options.Context.Folder)))
        {
            throw new CommandError(
                ExitCodes.Usage,
                parsed.GetValue(_into) is { } other
                    ? $"--into {other}: there is no such sweep file"
                    : "observations are for a sweep that is yet to begin",
                "name its file: --into sweep.yaml; --as space prints one, and a sweep that runs takes --as points");
        }

        var file = SweepSource.Parse(options.Context, into);
        var definition = SweepSource.Require(options.Context, file);
        if (SamplerCatalog.WhyNoPrior(definition) is { } reason)
        {
            throw new CommandError(ExitCodes.NotAllowed, $"--into {into}: {reason}");
        }

        var (imported, leftOut) = ForeignResults.Read(
            ReadFile(options, parsed), parsed.GetValue(_metric)!, parsed.GetValue(_goal), definition, Named(parsed));
        SayLeftOut(options, leftOut);
        await using var session = await options.OpenHeadAsync(parsed, stop);
        var reply = await session.HeadAsync(
            head => head.Submit(new SubmitRequest(file.Source, file.FileName, New: true, null, HeadSession.By, Imported: imported)), stop);
        SubmitCommand.Tell(options, parsed, reply);
        options.Context.Say($"{reply.Sweep}: begins with {reply.Prior}, the {(imported.Maximize ? "largest" : "smallest")} value first");
        return ExitCodes.Ok;
    }

    private async Task<int> EnqueueAsync(
        CommonOptions options, ParseResult parsed, ForeignFile file, string reference, CancellationToken stop)
    {
        await using var session = await options.OpenHeadAsync(parsed, stop);
        var row = await SweepReference.ResolveAsync(session.Results, reference, stop);
        var (sweep, definition) = (SweepId.Parse(row.Sweep), row.ReadDefinition());
        var (best, _) = Best(options, parsed, file, definition);
        var taken = 0;
        string? refused = null;
        foreach (var point in best)
        {
            // Texts as the sweep's space reads them.
            var values = FlatParameters.Of(point.Parameters, definition?.Space)
                .ToImmutableSortedDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
            try
            {
                var trials = await session.SweepAsync(
                    sweep, grain => grain.Enqueue(new EnqueueRequest(options.Action(parsed)) { Point = values }), stop);
                taken++;
                EnqueueCommand.WriteTrials(options, parsed, sweep, trials);
            }
            catch (CommandError error) when (error is not HeadUnreachable)
            {
                refused ??= error.Message;
                options.Context.Say($"not taken: {point.Parameters}: {error.Message}");
            }
        }

        return taken > 0
            ? ExitCodes.Ok
            : throw new CommandError(ExitCodes.NotAllowed, $"none of {best.Count} configurations was taken", refused);
    }

    /// <summary>The best results of a file, and how many there are; what is none of them is said.</summary>
    private (IReadOnlyList<PriorPoint> Best, int Of) Best(
        CommonOptions options, ParseResult parsed, ForeignFile file, SweepDefinition? sweep)
    {
        var known = sweep ?? Stored(options, parsed, file.Sweep);
        SayGuess(options, parsed, file, known);
        var points = ImportedPoints.Of(file.Runs(parsed.GetValue(_metric)!, known, Named(parsed)));
        SayLeftOut(options, points.LeftOut);
        var maximize = parsed.GetValue(_goal) is { } goal ? goal == "maximize" : file.Study?.Directions[0] ?? true;
        var best = points.Best(maximize, parsed.GetValue(_top));
        return best.Count > 0
            ? (best, points.Results.Count)
            : throw new CommandError(ExitCodes.NotFound, "no completed trial is in it", points.LeftOut);
    }

    private ForeignFile ReadFile(CommonOptions options, ParseResult parsed)
    {
        var file = ForeignFile.Read(options.Context, parsed.GetValue(_file)!, parsed.GetValue(_study));
        return parsed.GetValue(_curves) is not { Length: > 0 } curves ? file
            : file.Table is { } table ? file with { Table = CurveFiles.Add(options.Context, table, curves) }
            : throw new CommandError(ExitCodes.Usage, "a study has its curves", "leave out --curves");
    }

    private string[] Named(ParseResult parsed) =>
        parsed.GetValue(_parameters)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>The sweep that a file of <c>export</c> is of, if it is in the database here: it knows the types of the values.</summary>
    private static SweepDefinition? Stored(CommonOptions options, ParseResult parsed, string? sweep)
    {
        var file = options.DatabasePath(parsed);
        return SweepId.TryParse(sweep, out var id) && File.Exists(file) && new ResultReader(file).Sweep(id) is { } row
            ? row.ReadDefinition()
            : null;
    }

    /// <summary>Null where it names no file, but a sweep.</summary>
    private static SweepDefinition? SweepFileOf(CommonOptions options, string into) =>
        File.Exists(Path.GetFullPath(into, options.Context.Folder))
            ? SweepSource.Require(options.Context, SweepSource.Parse(options.Context, into))
            : null;

    /// <summary>What was taken for parameters where the table does not say.</summary>
    private void SayGuess(CommonOptions options, ParseResult parsed, ForeignFile file, SweepDefinition? known)
    {
        if (file.Table is { } table && Named(parsed).Length == 0
            && TableRuns.Of(table, parsed.GetValue(_metric)!, known) is { IsGuess: true } runs)
        {
            options.Context.Say($"taken for parameters: {string.Join(", ", runs.Parameters)}; --parameters names others");
        }
    }

    private static void SayLeftOut(CommonOptions options, string? leftOut)
    {
        if (leftOut is not null)
        {
            options.Context.Say(leftOut);
        }
    }
}
