using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Scheduling;

/// <summary>An assignment, and the right to run it until the lease ends.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.TrialGrant")]
public sealed record TrialGrant : TrialAssignment
{
    /// <summary>How long the attempt may take; null for as long as it likes.</summary>
    [Id(0)] public TimeSpan? TrialTime { get; init; }

    /// <summary>Whether it runs only while nothing else does on its worker: it ran out of a GPU's memory beside others.</summary>
    [Id(1)] public bool Alone { get; init; }

    /// <summary>Bytes of GPU memory that its sweep file asks for; null where it does not say.</summary>
    [Id(2)] public long? GpuMemory { get; init; }
}

/// <summary>Who holds a lease.</summary>
/// <param name="Worker">The worker's name, kept over restarts.</param>
/// <param name="Incarnation">This start of it: its silo address.</param>
/// <param name="LeaseLife">How long its leases live after it was last heard; null for a worker's, which the head decides.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.LeaseHolder")]
public sealed record LeaseHolder(
    [property: Id(0)] string Worker,
    [property: Id(1)] string Incarnation,
    [property: Id(2)] string Device,
    [property: Id(3)] TimeSpan? LeaseLife = null);
