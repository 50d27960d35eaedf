using System.Collections.Immutable;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Grains;

/// <summary>The one dispatcher (key 0), on the head: takes sweeps in, knows the workers, grants trials and keeps their leases.</summary>
[Alias("seqsweep.IDispatchGrain")]
public interface IDispatchGrain : IGrainWithIntegerKey
{
    /// <summary>Stores a sweep, or finds the unfinished one of the same content. Durable when it returns.</summary>
    /// <exception cref="SweepRefusedException">The file does not make a sweep.</exception>
    [Alias("Submit")]
    [ResponseTimeout("00:00:30")]
    Task<SubmitReply> Submit(SubmitRequest request);

    /// <summary>
    /// A worker's one call: what happened goes up, grants, verdicts and orders come down. Everything in <see cref="ExchangeRequest.Events"/>
    /// is durable when it is acknowledged. Safe to repeat after any failure.
    /// </summary>
    [Alias("Exchange")]
    [ResponseTimeout("00:00:05")]
    Task<ExchangeReply> Exchange(ExchangeRequest request, CancellationToken cancellation);
}

/// <param name="Source">The sweep file's text.</param>
/// <param name="FileName">For messages, and the sweep's name where the file has none.</param>
/// <param name="New">Start another sweep even if an unfinished or finished one has the same content.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SubmitRequest")]
public sealed record SubmitRequest(
    [property: Id(0)] string Source,
    [property: Id(1)] string FileName,
    [property: Id(2)] bool New,
    [property: Id(3)] ImmutableSortedDictionary<string, string> DatasetDigests,
    [property: Id(4)] string By);

/// <param name="State">The state that the sweep was found in, <see cref="SweepState.Queued"/> for a new one.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SubmitReply")]
public sealed record SubmitReply([property: Id(0)] SweepId Sweep, [property: Id(1)] bool Continued, [property: Id(2)] SweepState State);

/// <summary>A sweep was not taken; the message says why.</summary>
[GenerateSerializer, Alias("seqsweep.SweepRefusedException")]
public sealed class SweepRefusedException : Exception
{
    public SweepRefusedException(string message)
        : base(message)
    {
    }

    public SweepRefusedException()
    {
    }

    public SweepRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
