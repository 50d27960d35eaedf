using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Worker.Agents;
using SeqMnistSweep.Worker.Core;
using SeqMnistSweep.Worker.Devices;
using SeqMnistSweep.Worker.Slots;

namespace SeqMnistSweep.Worker.Hosting;

/// <summary>Gives a silo the role of a worker.</summary>
public static class WorkerSilo
{
    /// <remarks>To be called after the silo itself is registered: services stop in reverse order, and the agent drains while the silo still
    /// answers.</remarks>
    public static IServiceCollection AddWorker(this IServiceCollection services, WorkerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<WorkerEquipment>();
        services.AddSingleton<ExchangeSignal>();
        services.AddSingleton(CoreOf);
        services.AddSingleton<WorkerAgent>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkerAgent>());
        SiloRole.AddTo(services, SiloRole.Worker);
        services.AddPlacementDirector<PinnedPlacement, PinnedPlacementDirector>();
        services.AddPlacementDirector<HeadPlacement, HeadPlacementDirector>();
        return services;
    }

    /// <summary>Drains the worker of this host: running trials are given back with a checkpoint. The silo lives on.</summary>
    public static Task DrainAsync(IServiceProvider services, CancellationToken cancellation) =>
        services.GetRequiredService<WorkerAgent>().StopAsync(cancellation);

    /// <summary>How many leases the worker of this host holds, and why the head does not want it; null when it does.</summary>
    public static (int Held, string? Refusal) StateOf(IServiceProvider services) =>
        services.GetRequiredService<WorkerCore>() is var core ? (core.Held, core.Refusal) : default;

    private static WorkerCore CoreOf(IServiceProvider services)
    {
        var options = services.GetRequiredService<WorkerOptions>();
        var equipment = services.GetRequiredService<WorkerEquipment>();
        var memory = options.GpuIds.IsEmpty ? null : DeviceMemoryReading.Each(options.GpuIds);
        var incarnation = services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        var core = new WorkerCore(
            new LeaseHolder(options.Name, incarnation, options.DeviceText),
            new WorkerOffer
            {
                Tags = options.Tags, AllowsPrograms = options.Programs.AllowsSome, Version = options.Version, Gpus = options.GpusPerSlot,
                Facts = options.DeviceFacts,
            },
            options.Slots, new Outbox(), equipment.Upload,
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ExchangeSignal>().Set)
        {
            Files = equipment.Files,
            Gpu = memory is null ? null : new GpuLedger(memory, options.Slots),
        };
        equipment.Guard.Changed = trouble =>
        {
            equipment.Tell(trouble);
            core.SetTrouble(trouble);
        };
        return core;
    }
}
