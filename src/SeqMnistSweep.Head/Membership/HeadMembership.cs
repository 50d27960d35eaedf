using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Results.Membership;

namespace SeqMnistSweep.Head.Membership;

/// <summary>Keeps the cluster's membership in the head's database, for this silo and over <c>/api/v1/membership</c> for the
/// workers.</summary>
public static class HeadMembership
{
    /// <param name="store">Open; the caller disposes it after the silo has ended.</param>
    public static ISiloBuilder UseHeadMembership(this ISiloBuilder silo, HeadStore store)
    {
        silo.Services.AddSingleton(
            provider => new MembershipStore(store.Writer, store.Reader.Path, provider.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton<MembershipSweep>();
        silo.Services.AddSingleton(provider => new HeadMembershipTable(
            provider.GetRequiredService<MembershipStore>(), provider.GetRequiredService<MembershipSweep>(),
            provider.GetRequiredService<ILocalSiloDetails>().SiloAddress, provider.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton<IMembershipTable>(provider => provider.GetRequiredService<HeadMembershipTable>());
        return silo;
    }
}
