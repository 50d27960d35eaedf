using Microsoft.AspNetCore.Routing;

namespace SeqMnistSweep.Head.Http;

/// <summary>What the head answers over HTTP; each group of paths has its own file.</summary>
public static class HeadApi
{
    public static void MapHead(this IEndpointRouteBuilder routes)
    {
        routes.MapHealth();
        routes.MapCluster();
        routes.MapMembership();
        routes.MapCheckpoints();
        routes.MapDatasets();
        routes.MapResults();
        routes.MapBackup();
        routes.MapAsk();
    }
}
