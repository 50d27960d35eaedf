using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Imports;
using SeqMnistSweep.Methods;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ImportCommand : Verb
{
    private const string Points = "points";
    private const string Observations = "observations";

    private readonly Argument<string> _file =
        Positional<string>("file", "FILE",
            "a table with a column per parameter, CSV or JSON, of export, Optuna, W&B, Ray Tune or any other; or a study of Optuna, its "
                + "journal or its SQLite file; - reads stdin");
    private readonly Option<string> _as =
        Value("--as", "KIND", "points: to be run here first; observations: results that the search begins with, as of a --prior", Points);
    private readonly Option<string?> _into = Value<string?>("--into", "SWEEP",
        "points: ask for them in this sweep, on its head, instead of printing them for a sweep file, or print them as this sweep file "
            + "has them; observations: the sweep file to submit with them");
    private readonly Option<string?> _study = Value<string?>("--study", "NAME", "the study of Optuna, where the file has several");
    private readonly Option<int> _top = Value("--top", "N", "the best of them", 10);
    private readonly Option<string> _metric = Value("--metric", "COLUMN",
        "of a table, the column with the values; of observations only their order counts, so units need not agree", "value");
    private readonly Option<string?> _goal = Value<string?>("--goal", "GOAL",
        "maximize or minimize; the study's own for a journal; observations of a table need it unless COLUMN is the sweep's metric; "
            + "else maximize");

    public ImportCommand(CommonOptions options)
        : base("import", "begin with what was tried elsewhere", "Results",
            ("seqsweep import study.journal --top 5 >> sweep.yaml", "as the enqueue of a new sweep"),
            ("seqsweep import trials.csv --metric val_loss --goal minimize --into @last", "tried next in a sweep that runs"),
            (
                "seqsweep import study.journal --as observations --into sweep.yaml",
                "submits it; the search goes on from the study's results"))
    {
        _as.AcceptOnlyFromAmong(Points, Observations);
        _goal.AcceptOnlyFromAmong("maximize", "minimize");
        this.Takes(_file, _as, _into, _study, _top, _metric, _goal, options.Database, options.Head, options.Reason);

        SetAction((parsed, stop) => RunAsync(options, parsed, stop));
    }

    private async Task<int> RunAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        if (parsed.GetValue(_as) == Observations) return await SubmitAsync(options, parsed, stop);

        if (parsed.GetValue(_top) is < 1 and var top)
        {
            throw new CommandError(ExitCodes.Usage, $"--top {top} takes nothing", "give a number from 1");
        }

        var file = ForeignFile.Read(options.Context, parsed.GetValue(_file)!, parsed.GetValue(_study));
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
                "name its file: --into sweep.yaml; a sweep that runs takes --as points");
        }

        var file = SweepSource.Parse(options.Context, into);
        var definition = SweepSource.Require(options.Context, file);
        if (SamplerCatalog.WhyNoPrior(definition) is { } reason)
        {
            throw new CommandError(ExitCodes.NotAllowed, $"--into {into}: {reason}");
        }

        var (imported, leftOut) = ForeignResults.Read(
            ForeignFile.Read(options.Context, parsed.GetValue(_file)!, parsed.GetValue(_study)), parsed.GetValue(_metric)!,
            parsed.GetValue(_goal), definition);
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
                foreach (var number in trials)
                {
                    options.Context.Out.WriteLine(new TrialId(sweep, number));
                }
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
        var (points, maximize) = Read(options, parsed, file, sweep);
        SayLeftOut(options, points.LeftOut);
        var best = points.Best(maximize, parsed.GetValue(_top));
        return best.Count > 0
            ? (best, points.Results.Count)
            : throw new CommandError(ExitCodes.NotFound, "no completed trial is in it", points.LeftOut);
    }

    private (ImportedPoints Points, bool Maximize) Read(
        CommonOptions options, ParseResult parsed, ForeignFile file, SweepDefinition? sweep)
    {
        var known = sweep ?? Stored(options, parsed, file.Sweep);
        var goal = parsed.GetValue(_goal);
        if (file.Study is { } study)
        {
            var read = StudyPoints.Of(study, known?.Space);
            return (read.Points, goal is null ? read.Maximize : goal == "maximize");
        }

        return (TablePoints.Read(file.Table!, parsed.GetValue(_metric)!, known), goal != "minimize");
    }

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

    private static void SayLeftOut(CommonOptions options, string? leftOut)
    {
        if (leftOut is not null)
        {
            options.Context.Say(leftOut);
        }
    }
}
