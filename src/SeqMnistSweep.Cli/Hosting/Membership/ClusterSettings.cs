using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using SeqMnistSweep.Grains.Membership;

namespace SeqMnistSweep.Cli.Hosting.Membership;

/// <summary>What head and workers of a cluster have in common.</summary>
internal static class ClusterSettings
{
    /// <summary>The times of <see cref="ClusterTimes"/>.</summary>
    public static ISiloBuilder ConfigureClusterTimes(this ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(ClusterTimes.Apply);
        silo.Configure<SiloMessagingOptions>(ClusterTimes.Apply);
        return silo;
    }

    /// <summary>Ends the process with <see cref="FatalErrorExit.Code"/> when the silo must not go on.</summary>
    /// <param name="role">What the process is, for its last words: <c>head</c>, <c>worker box</c>.</param>
    /// <param name="error">Where the last words go.</param>
    public static ISiloBuilder ExitOnFatalError(this ISiloBuilder silo, string role, TextWriter error)
    {
        silo.Services.Replace(
            ServiceDescriptor.Singleton<IFatalErrorHandler>(
                provider => ActivatorUtilities.CreateInstance<FatalErrorExit>(provider, role, error)));
        return silo;
    }
}
