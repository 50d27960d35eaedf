using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/live</c>: one stream of server-sent events over everything a client looks at; and the summary that a page begins
/// with.</summary>
internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi("Live");
        api.MapGet("/live", Live).WithSummary("Server-sent events of the topics named; Last-Event-ID or after goes on behind an event");
        routes.MapSummary();
    }

    public static void MapSummary(this IEndpointRouteBuilder routes) => routes.MapApi("Live")
        .MapGet("/sweeps/{sweep}/summary", SummaryAsync).WithSummary("All that a page of a sweep begins with");

    public static void MapStatus(this IEndpointRouteBuilder routes) => routes.MapApi("Live")
        .MapGet("/sweeps/{sweep}/status", StatusAsync).WithSummary("A sweep as it stands, with its events after the one named");

    private static ServerSentEventsResult<string> Live(
        string? topics, long? after, HttpRequest request, LiveStream stream, CancellationToken stop)
    {
        if (LiveTopics.Parse(topics) is not { IsEmpty: false } wanted)
        {
            throw ApiError.BadRequest($"'{topics}' names no topic", "topics=sweeps,workers,sweep:ID,trial:ID/N");
        }

        // A proxy that gathers answers would hold the stream back.
        request.HttpContext.Response.Headers["X-Accel-Buffering"] = "no";
        var known = long.TryParse(request.Headers["Last-Event-ID"], out var last) ? last : after;
        return TypedResults.ServerSentEvents(stream.ReadAsync(wanted, known, stop));
    }

    private static async Task<SweepStatus> StatusAsync(long? after, [AsParameters] SweepPath at, [FromServices] IGrainFactory grains)
    {
        await at.ReadAsync((reader, id) => reader.Sweep(id));
        return await grains.GetGrain<ISweepGrain>(at.Id.Value).GetStatus(after ?? long.MaxValue, at.Stop);
    }

    private static async Task<SweepSummary> SummaryAsync([AsParameters] SweepPath at, SummaryReader summaries) =>
        await summaries.ReadAsync(at.Id, at.Stop) ?? throw ApiError.NotFound($"there is no sweep '{at.Id}'");
}
