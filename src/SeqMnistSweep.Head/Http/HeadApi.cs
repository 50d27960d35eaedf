using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary>What the head answers over HTTP; each group of paths has its own file.</summary>
public static class HeadApi
{
    /// <summary>What <see cref="MapHead"/> needs beside the head itself.</summary>
    public static IServiceCollection AddHeadApi(this IServiceCollection services)
    {
        services.AddSingleton<SummaryReader>();
        services.AddSingleton<LiveStream>();
        services.AddOpenApi("v1", ApiDocument.Describe);
        services.ConfigureHttpJsonOptions(json => ResultJson.Configure(json.SerializerOptions));
        return services.AddResponseCompression(options => options.EnableForHttps = true);
    }

    /// <summary>What every request passes first.</summary>
    public static void UseHeadApi(this IApplicationBuilder app)
    {
        app.UseMiddleware<RequestGuard>();
        app.UseResponseCompression();
    }

    public static void MapHead(this IEndpointRouteBuilder routes)
    {
        routes.MapHealth();
        routes.MapCluster();
        routes.MapMembership();
        routes.MapCheckpoints();
        routes.MapDatasets();
        routes.MapSweeps();
        routes.MapTrials();
        routes.MapWorkers();
        routes.MapQuery();
        routes.MapSpace();
        routes.MapLive();
        routes.MapActions();
        routes.MapBackup();
        routes.MapAsk();
        routes.MapOpenApi("/api/v1/openapi.json");
        routes.MapWeb();
    }
}
