using Microsoft.AspNetCore.Mvc;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/workers</c>: the fleet as the head hears it now.</summary>
internal static class WorkersEndpoints
{
    public static void MapWorkers(this IEndpointRouteBuilder routes) => routes.MapApi("Live")
        .MapGet("/workers", async ([FromServices] IGrainFactory grains) => await grains.GetGrain<IHeadGrain>(0).GetWorkers())
        .WithSummary("Every worker that the database has seen, as the head hears it now");
}
