using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace SeqMnistSweep.Grains.Placement;

/// <summary>Places a grain on the head, the only silo that has its class, outside the grain directory. After a restart the newest
/// incarnation is meant.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class HeadPlacementAttribute() : PlacementAttribute(new HeadPlacement());

/// <summary>The strategy of <see cref="HeadPlacementAttribute"/>.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.HeadPlacement")]
public sealed class HeadPlacement : PlacementStrategy
{
    /// <inheritdoc/>
    public override bool IsUsingGrainDirectory => false;
}

/// <summary>Finds the head.</summary>
public sealed class HeadPlacementDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(context.GetCompatibleSilos(target).MaxBy(silo => silo.Generation)
            ?? throw new SiloUnavailableException("the head is not there"));
}
