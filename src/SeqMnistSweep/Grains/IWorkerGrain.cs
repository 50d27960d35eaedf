using System.Collections.Immutable;

namespace SeqMnistSweep.Grains;

/// <summary>A worker's mailbox, on the worker itself; the key is <c>NAME|SILO</c>. Calls are hints that return at once.</summary>
[Alias("seqsweep.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Exchange now rather than at the next beat.</summary>
    [Alias("Poke")]
    Task Poke();

    [Alias("GetStatus")]
    Task<WorkerStatus> GetStatus();

    /// <summary>Take no new trials, give the running ones back after a checkpoint.</summary>
    [Alias("Drain")]
    Task Drain(string reason);
}

[GenerateSerializer, Immutable, Alias("seqsweep.WorkerStatus")]
public sealed record WorkerStatus(
    [property: Id(0)] string Name,
    [property: Id(1)] string Device,
    [property: Id(2)] int Slots,
    [property: Id(3)] bool Draining,
    [property: Id(4)] ImmutableArray<RunningAttempt> Running);
