using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Head;

/// <summary>Gives a silo the role of the head.</summary>
public static class HeadSilo
{
    /// <param name="database">Open, and locked for this process.</param>
    public static IServiceCollection AddHead(this IServiceCollection services, HeadOptions options, ResultDatabase database)
    {
        services.AddSingleton(options);
        services.AddSingleton(database);
        services.AddSingleton(_ => new ResultReader(options.DatabasePath));
        services.AddSingleton<ResultWriter>();
        services.AddSingleton(provider => new HeadEpoch(provider.GetRequiredService<ResultWriter>().NextHeadEpoch()));
        services.AddSingleton<CheckpointStore>();
        services.AddPlacementDirector<PinnedPlacement, PinnedPlacementDirector>();
        services.AddPlacementDirector<HeadPlacement, HeadPlacementDirector>();
        return services;
    }
}
