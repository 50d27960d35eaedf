using SeqMnistSweep.Head.Queries;
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

    /// <summary>How long a query waits for another to end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A result stays in its process until it is read, and that process keeps others from starting.</summary>
    private static readonly TimeSpan SendTime = TimeSpan.FromMinutes(1);

    /// <summary>Two processes at once; nothing else waits for them.</summary>
    private static readonly SemaphoreSlim Free = new(2);

    public static void MapQuery(this IEndpointRouteBuilder routes) => routes.MapApi("Results").MapPost("/query", QueryAsync)
        .WithBodyLimit(MaxBytes).WithSummary("One SELECT over the views").Produces<QueryResult>();

    private static async Task<IResult> QueryAsync(HttpContext http, HeadStore store, HeadOptions options, TimeProvider time)
    {
        var stop = http.RequestAborted;
        var query = QueryOf(await RequestBody.ReadAsync<QueryRequest>(http.Request, stop));
        if (options.QueryCommand is not { } command) throw ApiError.Unavailable("this head answers no queries");

        if (!await Free.WaitAsync(Patience, stop))
        {
            throw ApiError.Unavailable("as many queries run as may at once", "wait for one to end, and try again");
        }

        try
        {
            using var process = new QueryProcess(command, time);
            await process.RunAsync(query, store.Reader.Path, stop);
            await SendAsync(process, http, time);
            return TypedResults.Empty;
        }
        finally
        {
            Free.Release();
        }
    }

    private static async Task SendAsync(QueryProcess process, HttpContext http, TimeProvider time)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        using var late = new CancellationTokenSource(SendTime, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, late.Token);
        try
        {
            await process.SendAsync(http.Response.BodyWriter, end.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            http.Abort(); // what has been sent must not look like all of it
        }
    }

    private static ReadOnlyQuery QueryOf(QueryRequest? asked)
    {
        if (asked is not { Sql: not null } request)
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

        return new ReadOnlyQuery(request.Sql, request.MaxRows) { Timeout = TimeSpan.FromMilliseconds(request.TimeoutMs) };
    }
}
