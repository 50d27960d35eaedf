using SeqMnistSweep.Files;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Scheduling;

/// <summary>A script, a notebook or a person who asks for one trial and tells its results. It holds a lease as a worker does, with a life
/// that it chooses; the key makes a repeated question find the same trial.</summary>
/// <param name="Name">For people: <c>ada@lab</c>.</param>
/// <param name="Key">Unique for the question; of each account its own.</param>
/// <param name="LeaseLife">How long the lease lives after the client was last heard.</param>
/// <param name="Account">Who the head knows it to be; empty where it knows nobody.</param>
public sealed record ExternalClient(string Name, string Key, TimeSpan LeaseLife, string Account = "")
{
    /// <summary>The shortest life of a lease.</summary>
    public static readonly TimeSpan MinLeaseLife = TimeSpan.FromSeconds(1);

    /// <summary>The longest life of a lease: who is not heard for so long does not come back.</summary>
    public static readonly TimeSpan MaxLeaseLife = TimeSpan.FromHours(1);

    /// <summary>No worker is taken for it: the incarnation of one is a silo's address. The key is not told on, for who knows it is given
    /// the lease.</summary>
    public LeaseHolder ToHolder() => new(WorkerName.OfAsker(Name), $"ask:{Digest.Of($"{Account}\n{Key}")[..32]}", "elsewhere", LeaseLife);
}
