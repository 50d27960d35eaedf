using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Http;

/// <summary>Trials by columns, curves by pixels, the way to the best value: what pictures and long tables are made of.</summary>
internal static class TablesEndpoints
{
    private const int MostRows = 20_000;
    private const int MostCurves = 500;
    private const int MostPixels = 4000;

    private static readonly ReadLanes Lanes = new(4);

    public static void MapTables(this IEndpointRouteBuilder routes)
    {
        var sweep = routes.MapGroup("/api/v1/sweeps/{sweep}").AddEndpointFilter(ApiErrors.CatchAsync).AddEndpointFilter(EntityTags.CheckAsync).WithTags("Pictures");
        sweep.MapGet("/trials", TrialsAsync).WithSummary("Trials column by column; where and sort take parameters and columns").Produces<TrialTable>();
        sweep.MapGet("/curves", CurvesAsync).WithSummary("One metric of the trials named, thinned to pixels").Produces<IReadOnlyList<Curve>>();
        sweep.MapGet("/density", (string sweep, string metric, int? columns, int? rows, HeadStore store, CancellationToken stop) =>
            ReadAsync(sweep, id => new CurveReader(store.Reader.Path).Density(id, metric, Math.Clamp(columns ?? 200, 1, MostPixels), Math.Clamp(rows ?? 60, 1, MostPixels)), stop))
            .WithSummary("How many of all curves pass where").Produces<CurveDensity>();
        sweep.MapGet("/history", (string sweep, HeadStore store, CancellationToken stop) => ReadAsync(sweep, id => new CurveReader(store.Reader.Path).History(id), stop))
            .WithSummary("The trials that were the best so far").Produces<IReadOnlyList<BestSoFar>>();
        var trial = routes.MapGroup("/api/v1/trials/{sweep}/{number:int}").AddEndpointFilter(ApiErrors.CatchAsync).AddEndpointFilter(EntityTags.CheckAsync).WithTags("Pictures");
        trial.MapGet("/curves", TrialCurvesAsync).WithSummary("Every metric of one trial, thinned to pixels").Produces<TrialCurves>();
    }

    private static Task<IResult> TrialsAsync(string sweep, string? where, string? sort, string? columns, string? cursor, int? offset, int? limit, HeadStore store, CancellationToken stop) =>
        ReadAsync(
            sweep,
            id => store.Tables.Trials(id, new TrialTableRequest(
                where, sort, columns?.Split(',', StringSplitOptions.RemoveEmptyEntries), cursor, Math.Max(0, offset ?? 0), Math.Clamp(limit ?? 200, 0, MostRows))),
            stop,
            TrialTableJson.Write);

    private static Task<IResult> CurvesAsync(string sweep, string metric, string trials, int? pixels, HeadStore store, CancellationToken stop)
    {
        var numbers = new List<int>();
        foreach (var text in trials.Split(',', StringSplitOptions.RemoveEmptyEntries).Take(MostCurves))
        {
            if (!int.TryParse(text, out var number))
            {
                return Task.FromResult(ApiErrors.BadRequest($"trials are numbers with commas, not '{text}'"));
            }

            numbers.Add(number);
        }

        return ReadAsync(sweep, id => new CurveReader(store.Reader.Path).Of(id, metric, numbers, Pixels(pixels)), stop);
    }

    private static async Task<IResult> TrialCurvesAsync(string sweep, int number, int? pixels, long? after, HeadStore store, CancellationToken stop) =>
        TrialId.TryParse($"{sweep}/{number}", out var id)
            ? TypedResults.Json(await Lanes.RunAsync(() => new CurveReader(store.Reader.Path).Of(id, Pixels(pixels), after ?? 0), stop), ResultJson.Options)
            : ApiErrors.NotFound($"'{sweep}/{number}' is no trial id");

    private static int Pixels(int? asked) => Math.Clamp(asked ?? 800, 1, MostPixels);

    private static async Task<IResult> ReadAsync<T>(string sweep, Func<SweepId, T?> read, CancellationToken stop, Func<T, byte[]>? write = null)
        where T : class
    {
        if (!SweepId.TryParse(sweep, out var id))
        {
            return ApiErrors.NotFound($"'{sweep}' is no sweep id");
        }

        var found = await Lanes.RunAsync(() => read(id) is { } value ? write?.Invoke(value) ?? JsonSerializer.SerializeToUtf8Bytes(value, ResultJson.Options) : null, stop);
        return found is null ? ApiErrors.NotFound($"there is no sweep '{id}'") : TypedResults.Bytes(found, "application/json");
    }
}
