using System.Collections.Immutable;
using SeqMnistSweep.Trials;

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

    /// <summary>A part of the log of a trial's latest attempt here; at most 256 KiB.</summary>
    [Alias("ReadLog")]
    Task<LogChunk> ReadLog(TrialId trial, long offset);
}

[GenerateSerializer, Immutable, Alias("seqsweep.WorkerStatus")]
public sealed record WorkerStatus(
    [property: Id(0)] string Name,
    [property: Id(1)] string Device,
    [property: Id(2)] int Slots,
    [property: Id(3)] bool Draining,
    [property: Id(4)] ImmutableArray<RunningAttempt> Running);
