using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/live</c>: one stream of server-sent events over everything a client looks at; and the summary that a page begins with.</summary>
internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").AddEndpointFilter(ApiErrors.CatchAsync).WithTags("Live");
        api.MapGet("/live", Live).WithSummary("Server-sent events of the topics named; Last-Event-ID or after goes on behind an event");
        api.MapGet("/sweeps/{sweep}/summary", SummaryAsync).WithSummary("All that a page of a sweep begins with").Produces<SweepSummary>();
    }

    private static IResult Live(string? topics, long? after, HttpRequest request, LiveStream stream, CancellationToken stop)
    {
        if (LiveTopics.Parse(topics) is not { IsEmpty: false } wanted)
        {
            return ApiErrors.BadRequest($"'{topics}' names no topic", "topics=sweeps,workers,sweep:ID,trial:ID/N");
        }

        // A proxy that gathers answers would hold the stream back.
        request.HttpContext.Response.Headers["X-Accel-Buffering"] = "no";
        var known = long.TryParse(request.Headers["Last-Event-ID"], out var last) ? last : after;
        return TypedResults.ServerSentEvents(stream.ReadAsync(wanted, known, stop));
    }

    private static async Task<IResult> SummaryAsync(string sweep, SummaryReader summaries, CancellationToken stop) =>
        SweepId.TryParse(sweep, out var id) && await summaries.ReadAsync(id, stop) is { } summary
            ? TypedResults.Json(summary, ResultJson.Options)
            : ApiErrors.NotFound($"there is no sweep '{sweep}'");
}
