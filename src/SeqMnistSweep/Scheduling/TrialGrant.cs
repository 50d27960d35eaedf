using System.Collections.Immutable;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>The right, and all that is needed, to run one attempt of a trial until the lease ends.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.TrialGrant")]
public sealed record TrialGrant
{
    [Id(0)] public required TrialId Trial { get; init; }

    /// <summary>The fencing token: what its holder writes counts only while it is the trial's newest.</summary>
    [Id(1)] public required long Lease { get; init; }

    /// <summary>Counted from 1.</summary>
    [Id(2)] public required int Attempt { get; init; }

    [Id(3)] public required string Program { get; init; }

    [Id(4)] public ImmutableArray<string> Command { get; init; } = [];

    [Id(5)] public required ParameterSet Parameters { get; init; }

    [Id(6)] public required long Seed { get; init; }

    [Id(7)] public required string Metric { get; init; }

    [Id(8)] public required bool Maximize { get; init; }

    /// <summary>Epochs after which the runner waits for a verdict.</summary>
    [Id(9)] public ImmutableArray<int> Rungs { get; init; } = [];

    [Id(10)] public CheckpointFile? Resume { get; init; }

    [Id(11)] public int CheckpointEvery { get; init; } = 1;

    [Id(12)] public int Threads { get; init; } = 1;

    [Id(13)] public TimeSpan? TrialTime { get; init; }

    [Id(14)] public ImmutableSortedDictionary<string, string> DatasetDigests { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether it runs only while nothing else does on its worker: it ran out of a GPU's memory beside others.</summary>
    [Id(15)] public bool Alone { get; init; }
}

/// <summary>Who holds a lease.</summary>
/// <param name="Worker">The worker's name, kept over restarts.</param>
/// <param name="Incarnation">This start of it: its silo address.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.LeaseHolder")]
public sealed record LeaseHolder([property: Id(0)] string Worker, [property: Id(1)] string Incarnation, [property: Id(2)] string Device);
