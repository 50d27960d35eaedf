using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Head.Http;

/// <summary>Sweeps beside one another.</summary>
/// <param name="Sweeps">Without their files.</param>
/// <param name="Settings">What their files say differently.</param>
public sealed record SweepComparison(IReadOnlyList<SweepRow> Sweeps, IReadOnlyList<SettingDifference> Settings);

/// <summary><c>/api/v1/sweeps</c>: what is stored of sweeps, for clients without the database file.</summary>
internal static class SweepsEndpoints
{
    public const int MaxPixels = 4000;

    private const int MaxEvents = 10_000;
    private const int MaxRows = 20_000;
    private const int MaxCurves = 500;
    private const int MaxCompared = 20;

    public static void MapSweeps(this IEndpointRouteBuilder routes)
    {
        routes.MapReads("Results").MapGet("/sweeps", (string? find, HeadStore store, CancellationToken stop) =>
            ReadLanes.Results.RunAsync(() => find is null ? store.Reader.Sweeps() : store.Reader.FindSweeps(find), stop))
            .WithSummary("All sweeps, or those that a reference may mean; the newest first");
        routes.MapReads("Results").MapGet("/sweeps/compare", CompareAsync)
            .WithSummary("Sweeps side by side, and keys of their files that differ");
        var sweep = routes.MapReads("Results", "/sweeps/{sweep}");
        sweep.MapGet("", ([AsParameters] SweepPath at) => at.ReadAsync((reader, id) => reader.Sweep(id)));
        sweep.MapGet("/leaderboard", (int? top, [AsParameters] SweepPath at) =>
            at.ReadAsync((reader, id) => reader.Leaderboard(id, Math.Max(0, top ?? int.MaxValue))));
        sweep.MapGet("/events", (long? after, int? last, bool? news, [AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            after is { } known ? reader.EventsAfter(id, known, Events(last)) : reader.Events(id, Events(last), news ?? false)));
        sweep.MapGet("/failures", ([AsParameters] SweepPath at) => at.ReadAsync((reader, id) => reader.Failures(id)));
        sweep.MapGet("/usage", ([AsParameters] SweepPath at, HeadOptions options) => at.ReadAsync(
            (reader, id) => reader.Sweep(id) is null ? null : SweepFolders.Measure(options, id)))
            .WithSummary("What its checkpoints, logs and files take beside the database");
        MapPictures(routes.MapReads("Pictures", "/sweeps/{sweep}"));
    }

    /// <param name="last">As asked for; null means as many as there may be.</param>
    public static int Events(int? last) => Math.Clamp(last ?? MaxEvents, 0, MaxEvents);

    public static int Pixels(int? asked, int usual = 800) => Math.Clamp(asked ?? usual, 1, MaxPixels);

    private static void MapPictures(RouteGroupBuilder sweep)
    {
        sweep.MapGet("/trials", TrialsAsync).WithSummary("Trials column by column; where and sort take parameters and columns");
        sweep.MapGet("/curves", (string metric, string trials, int? pixels, [AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            new CurveReader(reader.Path).Of(id, metric, Numbers(trials), Pixels(pixels))))
                .WithSummary("One metric of the trials named, thinned to pixels");
        sweep.MapGet("/density", (string metric, int? columns, int? rows, [AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            new CurveReader(reader.Path).Density(id, metric, Pixels(columns, 200), Pixels(rows, 60))))
                .WithSummary("How many of all curves pass where");
        sweep.MapGet("/rungs", (string metric, [AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            new CurveReader(reader.Path).Rungs(id, metric)))
                .WithSummary("One metric of all trials at the epochs at which some were stopped");
        sweep.MapGet("/ladder", ([AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            new LadderReader(reader.Path).Of(reader.Sweep(id)!)))
                .WithSummary("What each rung of asha was worth");
        sweep.MapGet("/history", ([AsParameters] SweepPath at) => at.ReadAsync((reader, id) => new CurveReader(reader.Path).History(id)))
            .WithSummary("The trials that were the best so far");
    }

    private static async Task<SweepComparison> CompareAsync(string of, HeadStore store, CancellationToken stop)
    {
        var rows = new List<SweepRow>();
        foreach (var sweep in of.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct().Take(MaxCompared))
        {
            rows.Add(await new SweepPath(sweep, store, stop).ReadAsync((reader, id) => reader.Sweep(id)));
        }

        return new SweepComparison(
            [.. rows.Select(row => row with { Spec = "" })], SweepFileLeaves.Compare([.. rows.Select(row => row.Spec)]));
    }

    private static Task<TrialTable> TrialsAsync(
        string? where, string? sort, string? columns, string? cursor, int? offset, int? limit, [AsParameters] SweepPath at) =>
        at.ReadAsync((_, id) => at.Store.Tables.Trials(id, new TrialTableRequest(
            where, sort, columns?.Split(',', StringSplitOptions.RemoveEmptyEntries), cursor, Math.Max(0, offset ?? 0),
            Math.Clamp(limit ?? 200, 0, MaxRows))));

    private static List<int> Numbers(string trials) =>
    [
        .. trials.Split(',', StringSplitOptions.RemoveEmptyEntries).Take(MaxCurves).Select(text =>
            int.TryParse(text, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw ApiError.BadRequest($"trials are numbers with commas, not '{text}'")),
    ];
}
