using Microsoft.AspNetCore.Routing;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/checkpoints</c>: checkpoint files, up and down.</summary>
internal static class CheckpointsEndpoints
{
    public static void MapCheckpoints(this IEndpointRouteBuilder routes) => _ = routes;
}
