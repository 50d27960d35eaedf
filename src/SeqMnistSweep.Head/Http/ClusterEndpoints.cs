using Microsoft.AspNetCore.Routing;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/cluster</c>: where everything else is, and who answers.</summary>
internal static class ClusterEndpoints
{
    public static void MapCluster(this IEndpointRouteBuilder routes) => _ = routes;
}
