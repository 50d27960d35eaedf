namespace SeqMnistSweep.Grains;

/// <summary>A worker's mailbox, on the worker itself; the key is <c>NAME|SILO</c>. Calls are hints that return at once.</summary>
[Alias("seqsweep.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Exchange now rather than at the next beat.</summary>
    [Alias("Poke")]
    Task Poke();

    /// <summary>A part of the log of a trial's attempts here, at most 256 KiB of whole lines; empty where there is none.
    /// <see cref="LogChunk.Attempt"/> is 0 when none is in a slot.</summary>
    /// <param name="after">The last attempt whose log the head has; 0 for none.</param>
    /// <param name="offset">Bytes of the later ones to skip.</param>
    [Alias("ReadLog")]
    Task<LogChunk> ReadLog(TrialId trial, int after, long offset);
}
