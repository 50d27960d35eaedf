using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>What <c>seqsweep worker</c> was told.</summary>
internal sealed record WorkerSettings
{
    public required Uri Head { get; init; }

    public required string Name { get; init; }

    public required string Device { get; init; }

    /// <summary>Null: one per core on a CPU, one on a GPU.</summary>
    public int? Slots { get; init; }

    /// <summary>Bytes that the process of a slot may have; null shares what there is.</summary>
    public long? SlotMemory { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public TimeSpan? UntilIdle { get; init; }

    public TimeSpan? MaxTime { get; init; }

    public required TimeSpan DrainTime { get; init; }

    public string? DataFolder { get; init; }

    public string? Libtorch { get; init; }

    /// <summary>Holds a folder per worker.</summary>
    public required string Folder { get; init; }

    public bool AllowsPrograms { get; init; }

    public required string ProgramFolder { get; init; }

    public string? Listen { get; init; }

    public string? Advertise { get; init; }

    public required MembershipChoice Membership { get; init; }

    public int SiloPort { get; init; }

    public bool Insecure { get; init; }

    public bool Isolate { get; init; }
}
