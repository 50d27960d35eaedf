using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Worker.Agents;

namespace SeqMnistSweep.Worker;

/// <summary>Gives a silo the role of a worker.</summary>
public static class WorkerSilo
{
    /// <remarks>To be called after the silo itself is registered: services stop in reverse order, and the agent drains while the silo still answers.</remarks>
    public static IServiceCollection AddWorker(this IServiceCollection services, WorkerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<WorkerAgent>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkerAgent>());
        SiloRole.AddTo(services, SiloRole.Worker);
        services.AddPlacementDirector<PinnedPlacement, PinnedPlacementDirector>();
        services.AddPlacementDirector<HeadPlacement, HeadPlacementDirector>();
        return services;
    }

    /// <summary>Drains the worker of this host: running trials write a checkpoint and are given back. The silo lives on, and stops with the host.</summary>
    public static Task DrainAsync(IServiceProvider services, CancellationToken cancellation) =>
        services.GetRequiredService<WorkerAgent>().StopAsync(cancellation);
}
