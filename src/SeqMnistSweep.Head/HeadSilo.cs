using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Grains;
using SeqMnistSweep.Head.Live;
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
        services.AddSingleton<RunTimes>();
        services.AddSingleton<CheckpointUploadHandler>();
        services.AddSingleton(new LeaseClock(options.LeaseTime, Dispatcher.CheckEvery));
        services.AddSingleton<DatasetCheck>();
        services.AddSingleton<SweepStorage>();
        services.AddSingleton<SweepSubmission>();
        services.AddSingleton<ISweepStorage>(provider => provider.GetRequiredService<SweepStorage>());
        services.AddSingleton<SweepActors>();
        services.AddSingleton<SweepDeletion>();
        services.AddHostedService(provider => provider.GetRequiredService<SweepDeletion>());
        services.AddSingleton<EtaReader>();
        services.AddSingleton<FleetLink>();
        services.AddSingleton(new Fleet(options.LeaseTime));
        services.AddSingleton<IFleetLink>(provider => provider.GetRequiredService<FleetLink>());
        services.AddSingleton<FleetRegistry>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Dispatcher>(provider, store.Epoch));
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
