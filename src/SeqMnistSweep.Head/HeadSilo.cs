using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains.Placement;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Grains;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Head.Webhooks;
using SeqMnistSweep.Head.Workers;

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
        services.AddSingleton<CheckpointQuota>();
        services.AddSingleton<CheckpointUploadHandler>();
        services.AddSingleton(new LeaseClock(options.LeaseTime, Dispatcher.CheckEvery));
        services.AddSingleton<DatasetCheck>();
        services.AddSingleton<SweepStorage>();
        services.AddSingleton<SweepSubmission>();
        services.AddSingleton(provider => new SweepActors(
            provider.GetRequiredService<SweepStorage>(), provider.GetRequiredService<LeaseClock>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FleetLink>();
        services.AddSingleton(provider => new Dispatcher(
            provider.GetRequiredService<LeaseClock>(),
            new FleetRegistry(new Fleet(options.LeaseTime), provider.GetRequiredService<FleetLink>(), provider.GetRequiredService<ILogger<FleetRegistry>>()),
            provider.GetRequiredService<SweepActors>(),
            store.Epoch,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Dispatcher>>()));
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
