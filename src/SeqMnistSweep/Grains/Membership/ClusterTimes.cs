using Orleans.Configuration;

namespace SeqMnistSweep.Grains.Membership;

/// <summary>How fast silos notice each other's end, the same for all of a cluster. A killed silo is noticed in about a second, since its
/// sockets close; a frozen one after <see cref="MissedProbes"/> times <see cref="MaxProbe"/> without a message. Leases, not these, decide
/// who may write.</summary>
public static class ClusterTimes
{
    /// <summary>Between two probes of a neighbour.</summary>
    public static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);
    /// <summary>The longest that a probe waits for its answer.</summary>
    public static readonly TimeSpan MaxProbe = TimeSpan.FromSeconds(3);
    /// <summary>Between two signs of life in the membership table.</summary>
    public static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);
    /// <summary>Between two readings of the membership table.</summary>
    public static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(10);
    /// <summary>How long a call waits for its answer.</summary>
    public static readonly TimeSpan Response = TimeSpan.FromSeconds(10);

    /// <summary>Unanswered probes after which a silo votes for the death of another.</summary>
    public const int MissedProbes = 3;

    /// <summary>In bytes. Orleans' own 100 MiB would let one peer fill the memory.</summary>
    public const int MaxMessageBody = 8 << 20;

    /// <summary>For silos.</summary>
    public static void Apply(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = Probe;
        options.MaxProbeTimeout = MaxProbe;
        options.NumMissedProbesLimit = MissedProbes;
        options.IAmAliveTablePublishTimeout = SignOfLife;
        options.TableRefreshTimeout = TableRefresh;
    }

    /// <summary>For silos and clients alike.</summary>
    public static void Apply(MessagingOptions options)
    {
        options.ResponseTimeout = Response;
        options.MaxMessageBodySize = MaxMessageBody;
        // A call that timed out may have done its work; only its own cancellation token ends it.
        options.CancelRequestOnTimeout = false;
    }
}
