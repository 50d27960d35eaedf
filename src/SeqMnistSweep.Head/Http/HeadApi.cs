using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Outputs;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Head.Sweeps;

namespace SeqMnistSweep.Head.Http;

/// <summary>What the head answers over HTTP; each group of paths has its own file.</summary>
public static class HeadApi
{
    /// <summary>What <see cref="MapHead"/> needs beside the head itself.</summary>
    public static IServiceCollection AddHeadApi(this IServiceCollection services)
    {
        services.AddReads();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<TrialFileStore>();
        services.AddSingleton(provider => LeaseTokens.Beside(provider.GetRequiredService<HeadStore>().Reader.Path));
        services.AddOpenApi("v1", ApiDocument.Describe);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddAccess();
        return services.AddResponseCompression(options => options.EnableForHttps = true);
    }

    /// <summary>What the paths that only read need beside the database.</summary>
    internal static IServiceCollection AddReads(this IServiceCollection services)
    {
        services.TryAddSingleton<EtaReader>();
        services.TryAddSingleton<RunTimes>();
        services.AddSingleton<SummaryReader>();
        return services.ConfigureHttpJsonOptions(
            json => ResultJson.Configure(json.SerializerOptions).TypeInfoResolverChain.Insert(0, ApiTypes.Default));
    }

    /// <summary>What every request passes before it is answered.</summary>
    public static void UseHeadApi(this IApplicationBuilder app)
    {
        app.UseMiddleware<RequestGuard>();
        app.Use(AnswerHeadAsync);
        app.UseResponseCompression();
        app.UseMiddleware<ErrorBodies>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(EndWithCredentialAsync);
    }

    /// <summary>Pages and health may be asked for without their body, as <c>curl -I</c> and watchers do; the server leaves that out. Under
    /// <c>/api</c> HEAD has a meaning of its own where it has one.</summary>
    private static Task AnswerHeadAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api"))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }

    /// <summary>A stream that goes on for days ends with the token that it was opened with.</summary>
    private static async Task EndWithCredentialAsync(HttpContext context, RequestDelegate next)
    {
        var credentials = context.RequestServices.GetRequiredService<Credentials>();
        using var end = Caller.Of(context.User) is { } caller ? credentials.EndOf(caller.Credential).Register(context.Abort) : default;
        await next(context);
    }

    /// <summary>What <see cref="MapStored"/> needs, and <see cref="MapRun"/> beside <see cref="AddSilo"/>.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services, HeadOptions options, HeadStore store) =>
        services.AddSingleton(options).AddSingleton(store).AddSingleton<CheckpointStore>().AddHeadApi();

    /// <summary>The grains and sweeps of a silo in another host of this process, for <see cref="MapRun"/>.</summary>
    public static IServiceCollection AddSilo(this IServiceCollection services, IServiceProvider silo)
    {
        foreach (var type in (Type[])[typeof(IGrainFactory), typeof(ISiloStatusOracle), typeof(SweepActors), typeof(SweepSubmission)])
        {
            services.AddSingleton(type, silo.GetRequiredService(type)); // as an instance: it is not disposed with these services
        }

        return services;
    }

    /// <summary>Every path with those who may call it; where a group mixes them, its own file says more.</summary>
    public static void MapHead(this IEndpointRouteBuilder routes)
    {
        routes.MapRun();
        routes.MapGroup("").AllowAnonymous().MapJoin();
        routes.MapGroup("").RequireAuthorization(AccessPolicies.Worker).MapMembership();
        routes.MapCheckpointUploads();
        routes.MapTrialFileUploads();
        routes.MapDatasets();
        routes.GroupFor(Role.Operator).MapCertificate();
        var admins = routes.GroupFor(Role.Admin);
        admins.MapTokens();
        admins.MapAudit();
        admins.MapJoinLines();
    }

    /// <summary>The paths of a sweep that is run here and now: all but those of workers and of other accounts.</summary>
    public static void MapRun(this IEndpointRouteBuilder routes)
    {
        routes.MapPages();
        routes.MapGroup("").AllowAnonymous().MapHealth();
        routes.MapGroup("").RequireAuthorization(AccessPolicies.WorkerOrViewer).MapCluster();
        var viewers = routes.GroupFor(Role.Viewer);
        viewers.MapWorkers();
        viewers.MapTrialLive();
        viewers.MapStatus();
        var submitters = routes.GroupFor(Role.Submitter);
        submitters.MapActions();
        submitters.MapAsk();
        routes.GroupFor(Role.Operator).MapBackup();
    }

    /// <summary>The paths of a database that is only read.</summary>
    public static void MapStored(this IEndpointRouteBuilder routes)
    {
        routes.MapPages();
        routes.GroupFor(Role.Viewer).MapStoredLive();
    }

    /// <summary>The dashboard, and what it reads from the database.</summary>
    private static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapWeb();
        routes.MapLogin();
        routes.MapCheckpoints();
        routes.MapTrialFiles();
        var viewers = routes.GroupFor(Role.Viewer);
        viewers.MapSamples();
        viewers.MapSweeps();
        viewers.MapTrials();
        viewers.MapQuery();
        viewers.MapSpace();
        viewers.MapLive();
        viewers.MapOpenApi("/api/v1/openapi.json");
    }
}
