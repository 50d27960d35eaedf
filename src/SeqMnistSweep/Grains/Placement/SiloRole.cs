using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace SeqMnistSweep.Grains.Placement;

/// <summary>What a silo is for. The program holds the grain classes of every role, and pinned grains go to whoever claims to have their
/// class: a silo must claim those of its own roles alone.</summary>
public sealed record SiloRole
{
    private readonly Type _placement;

    private SiloRole(Type placement) => _placement = placement;

    /// <summary>Hosts the grains placed by <see cref="HeadPlacement"/>.</summary>
    public static SiloRole Head { get; } = new(typeof(HeadPlacementAttribute));

    /// <summary>Hosts the grains placed by <see cref="PinnedPlacement"/>.</summary>
    public static SiloRole Worker { get; } = new(typeof(PinnedPlacementAttribute));

    private static IEnumerable<SiloRole> All => [Head, Worker];

    /// <summary>Gives the silo a role; one silo may have both.</summary>
    public static void AddTo(IServiceCollection services, SiloRole role)
    {
        services.AddSingleton(role);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<GrainTypeOptions>, Classes>());
    }

    private bool Hosts(Type grain) => grain.IsDefined(_placement);

    private sealed class Classes(IEnumerable<SiloRole> roles) : IPostConfigureOptions<GrainTypeOptions>
    {
        public void PostConfigure(string? name, GrainTypeOptions options) =>
            options.Classes.RemoveWhere(grain => All.Except(roles).Any(role => role.Hosts(grain)));
    }
}
