using Microsoft.AspNetCore.Routing;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/datasets</c>: for workers that lack the data.</summary>
internal static class DatasetsEndpoints
{
    public static void MapDatasets(this IEndpointRouteBuilder routes) => _ = routes;
}
