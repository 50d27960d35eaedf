using System.Text.Json;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Http;

/// <summary>What <c>POST /api/v1/query</c> takes.</summary>
/// <param name="TimeoutMs">At most a minute.</param>
public sealed record QueryRequest(string Sql, int MaxRows = 1000, int TimeoutMs = 10_000);

/// <summary><c>POST /api/v1/query</c>: one SELECT over the views.</summary>
internal static class QueryEndpoints
{
    private const int MaxRows = 100_000;
    private const long MaxBytes = 1 << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(1);

    public static void MapQuery(this IEndpointRouteBuilder routes) =>
        routes.MapApi("Results").MapPost("/query", QueryAsync).WithBodyLimit(MaxBytes).WithSummary("One SELECT over the views");

    private static async Task<QueryResult> QueryAsync(HttpRequest http, HeadStore store, TimeProvider time, CancellationToken stop)
    {
        if (await ReadAsync(http, stop) is not { Sql: not null } request)
        {
            throw ApiError.BadRequest(
                "the body is no query", """send JSON such as {"sql":"select * from sweeps","max_rows":100,"timeout_ms":1000}""");
        }

        if (request.MaxRows is < 0 or > MaxRows)
        {
            throw ApiError.BadRequest(
                $"max_rows is 0 to {MaxRows}, not {request.MaxRows}", "export, or read the database file itself, for more");
        }

        if (request.TimeoutMs < 1 || request.TimeoutMs > MaxTime.TotalMilliseconds)
        {
            throw ApiError.BadRequest(
                $"a head gives a query at most {MaxTime.TotalSeconds:0} s", "ask for less, or read a backup of the database");
        }

        var query = new ReadOnlyQuery(request.Sql, request.MaxRows) { Timeout = TimeSpan.FromMilliseconds(request.TimeoutMs) };
        return await ReadLanes.Queries.RunAsync(() => query.Run(store.Reader.Path, time, stop), stop);
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
}
