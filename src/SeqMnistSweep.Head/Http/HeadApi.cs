using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Outputs;

namespace SeqMnistSweep.Head.Http;

/// <summary>What the head answers over HTTP; each group of paths has its own file.</summary>
public static class HeadApi
{
    /// <summary>What <see cref="MapHead"/> needs beside the head itself.</summary>
    public static IServiceCollection AddHeadApi(this IServiceCollection services)
    {
        services.AddSingleton<SummaryReader>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<TrialFileStore>();
        services.AddSingleton(provider => LeaseTokens.Beside(provider.GetRequiredService<HeadStore>().Reader.Path));
        services.AddOpenApi("v1", ApiDocument.Describe);
        services.ConfigureHttpJsonOptions(json => ResultJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddAccess();
        return services.AddResponseCompression(options => options.EnableForHttps = true);
    }

    /// <summary>What every request passes before it is answered.</summary>
    public static void UseHeadApi(this IApplicationBuilder app)
    {
        app.UseMiddleware<RequestGuard>();
        app.UseResponseCompression();
        app.UseMiddleware<ErrorBodies>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(EndWithCredentialAsync);
    }

    /// <summary>A stream that goes on for days ends with the token that it was opened with.</summary>
    private static async Task EndWithCredentialAsync(HttpContext context, RequestDelegate next)
    {
        var credentials = context.RequestServices.GetRequiredService<Credentials>();
        using var end = Caller.Of(context.User) is { } caller ? credentials.EndOf(caller.Credential).Register(context.Abort) : default;
        await next(context);
    }

    /// <summary>Every path with those who may call it; where a group mixes them, its own file says more.</summary>
    public static void MapHead(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("").AllowAnonymous().MapHealth();
        routes.MapWeb();
        routes.MapLogin();
        routes.MapGroup("").AllowAnonymous().MapJoin();

        routes.MapGroup("").RequireAuthorization(AccessPolicies.Worker).MapMembership();
        routes.MapGroup("").RequireAuthorization(AccessPolicies.WorkerOrViewer).MapCluster();
        routes.MapCheckpoints();
        routes.MapTrialFiles();
        routes.MapDatasets();

        var viewers = routes.GroupFor(Role.Viewer);
        viewers.MapSweeps();
        viewers.MapTrials();
        viewers.MapWorkers();
        viewers.MapQuery();
        viewers.MapSpace();
        viewers.MapLive();
        viewers.MapOpenApi("/api/v1/openapi.json");

        var submitters = routes.GroupFor(Role.Submitter);
        submitters.MapActions();
        submitters.MapAsk();
        var operators = routes.GroupFor(Role.Operator);
        operators.MapBackup();
        operators.MapCertificate();
        var admins = routes.GroupFor(Role.Admin);
        admins.MapTokens();
        admins.MapAudit();
        admins.MapJoinLines();
    }
}
