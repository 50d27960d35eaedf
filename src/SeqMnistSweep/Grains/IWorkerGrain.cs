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

    /// <summary>A part of the log of a trial's attempts here, at most 256 KiB of whole lines; empty where there is none. <see cref="LogChunk.Attempt"/> is 0 when none is in a slot.</summary>
    [Alias("ReadLog")]
    Task<LogChunk> ReadLog(TrialId trial, long offset);
}

/// <param name="IdleP50Ms">Milliseconds from a slot coming free to the first code of its next trial: the median of the last 10,000 times there was one to be had; null before the first.</param>
/// <param name="IdleP99Ms">Of the same the 99th percentile.</param>
/// <param name="Refusal">Why the head does not want it: it should end. Null for all others.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.WorkerStatus")]
public sealed record WorkerStatus(
    [property: Id(0)] string Name,
    [property: Id(1)] string Device,
    [property: Id(2)] int Slots,
    [property: Id(3)] bool Draining,
    [property: Id(4)] ImmutableArray<RunningAttempt> Running,
    [property: Id(5)] double? IdleP50Ms = null,
    [property: Id(6)] double? IdleP99Ms = null,
    [property: Id(7)] string? Refusal = null);
