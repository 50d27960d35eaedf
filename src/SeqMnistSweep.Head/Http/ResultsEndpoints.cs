using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/sweeps</c> and others: what <see cref="ResultReader"/> reads, for clients without the file.</summary>
internal static class ResultsEndpoints
{
    private const int MaxRows = 100_000;
    private const int MaxEvents = 10_000;
    private const long MaxQueryBytes = 1 << 20;

    private static readonly TimeSpan MaxQueryTime = TimeSpan.FromMinutes(1);

    /// <summary>Queries of users and everything else do not wait for each other.</summary>
    private static readonly ReadLanes Queries = new(2);
    private static readonly ReadLanes Rows = new(4);

    public static void MapResults(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").AddEndpointFilter(ApiErrors.CatchAsync).AddEndpointFilter(EntityTags.CheckAsync).WithTags("Results");
        api.MapGet("/sweeps", (string? find, HeadStore store, CancellationToken stop) =>
            ReadAsync(store, reader => find is null ? reader.Sweeps() : reader.FindSweeps(find), stop));
        api.MapGet("/workers", (HeadStore store, CancellationToken stop) => ReadAsync(store, reader => reader.Workers(), stop));
        api.MapPost("/query", QueryAsync).WithMetadata(new BodyLimit(MaxQueryBytes));
        MapSweep(api.MapGroup("/sweeps/{sweep}"));
        MapTrial(api.MapGroup("/trials/{sweep}/{number:int}"));
    }

    private static void MapSweep(IEndpointRouteBuilder sweep)
    {
        sweep.MapGet("", (string sweep, HeadStore store, CancellationToken stop) =>
            OfSweepAsync(sweep, store, (reader, id) => reader.Sweep(id), stop));
        sweep.MapGet("/leaderboard", (string sweep, int? top, HeadStore store, CancellationToken stop) =>
            OfSweepAsync(sweep, store, (reader, id) => reader.Leaderboard(id, Math.Max(0, top ?? int.MaxValue)), stop));
        sweep.MapGet("/events", (string sweep, long? after, int? last, HeadStore store, CancellationToken stop) =>
            OfSweepAsync(sweep, store, (reader, id) => after is { } known ? reader.EventsAfter(id, known, Events(last)) : reader.Events(id, Events(last)), stop));
        sweep.MapGet("/failures", (string sweep, HeadStore store, CancellationToken stop) => OfSweepAsync(sweep, store, (reader, id) => reader.Failures(id), stop));
    }

    private static void MapTrial(IEndpointRouteBuilder trial)
    {
        trial.MapGet("", (string sweep, int number, HeadStore store, CancellationToken stop) => OfTrialAsync(sweep, number, store, (reader, id) => reader.Trial(id), stop));
        trial.MapGet("/attempts", (string sweep, int number, HeadStore store, CancellationToken stop) =>
            OfTrialAsync(sweep, number, store, (reader, id) => reader.Attempts(id), stop));
        trial.MapGet("/reports", (string sweep, int number, HeadStore store, CancellationToken stop) => OfTrialAsync(sweep, number, store, (reader, id) => reader.Reports(id), stop));
        trial.MapGet("/events", (string sweep, int number, int? last, HeadStore store, CancellationToken stop) =>
            OfTrialAsync(sweep, number, store, (reader, id) => reader.Events(id, Events(last)), stop));
        trial.MapGet("/checkpoints", (string sweep, int number, HeadStore store, CancellationToken stop) =>
            OfTrialAsync(sweep, number, store, (reader, id) => reader.Checkpoints(id), stop));
    }

    private static int Events(int? last) => Math.Clamp(last ?? MaxEvents, 0, MaxEvents);

    private static async Task<IResult> QueryAsync(HttpRequest http, HeadStore store, TimeProvider time, CancellationToken stop)
    {
        if (await ReadAsync(http, stop) is not { Sql: not null } request)
        {
            return ApiErrors.BadRequest("the body is no query", """send JSON such as {"sql":"select * from sweeps","max_rows":100,"timeout_ms":1000}""");
        }

        if (request.MaxRows is < 0 or > MaxRows)
        {
            return ApiErrors.BadRequest($"max_rows is 0 to {MaxRows}, not {request.MaxRows}", "export, or read the database file itself, for more");
        }

        if (request.TimeoutMs < 1 || request.TimeoutMs > MaxQueryTime.TotalMilliseconds)
        {
            return ApiErrors.BadRequest($"a head gives a query at most {MaxQueryTime.TotalSeconds:0} s", "ask for less, or read a backup of the database");
        }

        var query = new ReadOnlyQuery(request.Sql, request.MaxRows) { Timeout = TimeSpan.FromMilliseconds(request.TimeoutMs) };
        return Json(await Queries.RunAsync(() => query.Run(store.Reader.Path, time, stop), stop));
    }

    private static async Task<QueryRequest?> ReadAsync(HttpRequest http, CancellationToken stop)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<QueryRequest>(http.Body, ResultJson.Options, stop);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task<IResult> OfSweepAsync<T>(string sweep, HeadStore store, Func<ResultReader, SweepId, T?> read, CancellationToken stop) =>
        SweepId.TryParse(sweep, out var id) ? ReadAsync(store, reader => read(reader, id), stop, $"there is no sweep '{id}'") : Task.FromResult(ApiErrors.NotFound($"'{sweep}' is no sweep id"));

    private static Task<IResult> OfTrialAsync<T>(string sweep, int number, HeadStore store, Func<ResultReader, TrialId, T?> read, CancellationToken stop) =>
        TrialId.TryParse($"{sweep}/{number}", out var id) ? ReadAsync(store, reader => read(reader, id), stop, $"there is no trial '{id}'") : Task.FromResult(ApiErrors.NotFound($"'{sweep}/{number}' is no trial id"));

    private static async Task<IResult> ReadAsync<T>(HeadStore store, Func<ResultReader, T?> read, CancellationToken stop, string missing = "there is nothing here") =>
        await Rows.RunAsync(() => read(store.Reader), stop) is { } found ? Json(found) : ApiErrors.NotFound(missing);

    private static JsonHttpResult<T> Json<T>(T value) => TypedResults.Json(value, ResultJson.Options);

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
