using Microsoft.AspNetCore.Routing;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/membership</c>: the cluster's table, for workers.</summary>
internal static class MembershipEndpoints
{
    public static void MapMembership(this IEndpointRouteBuilder routes) => _ = routes;
}
