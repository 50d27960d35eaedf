using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Grains;
using SeqMnistSweep.Head.Webhooks;

namespace SeqMnistSweep.Head;

/// <summary>Gives a silo the role of the head.</summary>
public static class HeadSilo
{
    /// <param name="store">Open; the caller disposes it after the silo has ended.</param>
    public static IServiceCollection AddHead(this IServiceCollection services, HeadOptions options, HeadStore store)
    {
        services.AddSingleton(options);
        services.AddSingleton(store);
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<IIncomingGrainCallFilter, ClientCalls>();
        SiloRole.AddTo(services, SiloRole.Head);
        services.AddSingleton<CheckpointRoom>();
        services.AddSingleton<CheckpointIntake>();
        if (options.Webhook is { } webhook)
        {
            services.AddSingleton(webhook);
            services.AddHostedService<Webhook>();
        }

        services.AddPlacementDirector<PinnedPlacement, PinnedPlacementDirector>();
        services.AddPlacementDirector<HeadPlacement, HeadPlacementDirector>();
        return services;
    }
}
