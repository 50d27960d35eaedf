using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Head.Http;

/// <summary>
/// <c>/healthz</c>: for supervisors and load balancers. Live while the process answers; ready while it can take work, which no worker's
/// absence changes: a supervisor that restarted the head for that would make it worse.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", () => TypedResults.Json(new { status = "live" }));
        routes.MapGet("/healthz/ready", IResult (ISiloStatusOracle silo, HeadStore store) => NotReady(silo.CurrentStatus, store.Trouble) is { } reason
            ? ApiErrors.Unavailable(reason)
            : TypedResults.Json(new { status = "ready" }));
    }

    /// <param name="trouble">Why nothing can be stored; null when it can.</param>
    /// <returns>A sentence; null for a head that is ready.</returns>
    internal static string? NotReady(SiloStatus silo, string? trouble) => (silo, trouble) switch
    {
        (SiloStatus.Active, null) => null,
        (SiloStatus.Active, _) => $"nothing can be stored: {trouble}",
        (SiloStatus.None or SiloStatus.Created or SiloStatus.Joining, _) => "the silo is starting",
        _ => "the silo is shutting down",
    };
}
