namespace SeqMnistSweep.Grains;

/// <summary>The one dispatcher (key 0), on the head, for workers: grants trials of the open sweeps and keeps their leases.</summary>
[Alias("seqsweep.IDispatchGrain")]
public interface IDispatchGrain : IGrainWithIntegerKey
{
    /// <summary>A worker's one call: what happened goes up, grants, verdicts and orders come down. Everything in
    /// <see cref="ExchangeRequest.Events"/> is durable when it is acknowledged. Safe to repeat after any failure.</summary>
    [Alias("Exchange")]
    [ResponseTimeout("00:00:05")]
    Task<ExchangeReply> Exchange(ExchangeRequest request, CancellationToken cancellation);
}
