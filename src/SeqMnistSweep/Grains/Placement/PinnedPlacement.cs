using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace SeqMnistSweep.Grains.Placement;

/// <summary>Places a grain on the silo that its key names after the last '|', outside the grain directory: the directory deactivates grains
/// on healthy silos whenever another silo leaves, which must not touch a running trial.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PinnedPlacementAttribute() : PlacementAttribute(new PinnedPlacement());

/// <summary>The strategy of <see cref="PinnedPlacementAttribute"/>.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.PinnedPlacement")]
public sealed class PinnedPlacement : PlacementStrategy
{
    /// <inheritdoc/>
    public override bool IsUsingGrainDirectory => false;
}

/// <summary>Finds the silo that a key names.</summary>
public sealed class PinnedPlacementDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var silo = SiloAddress.FromParsableString(key[(key.LastIndexOf('|') + 1)..]);
        return context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : throw new SiloUnavailableException($"{key}: its worker is gone");
    }
}
