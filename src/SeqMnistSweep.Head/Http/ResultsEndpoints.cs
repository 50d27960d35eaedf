using Microsoft.AspNetCore.Routing;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/sweeps</c> and others: what <see cref="Results.ResultReader"/> reads, for clients without the file.</summary>
internal static class ResultsEndpoints
{
    public static void MapResults(this IEndpointRouteBuilder routes) => _ = routes;
}
