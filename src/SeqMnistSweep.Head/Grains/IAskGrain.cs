using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <summary>The dispatcher (key 0) for those who ask for trials and tell what became of them; the same grain as <see cref="IDispatchGrain"/>, closed to clients: they ask over HTTP.</summary>
[Alias("seqsweep.IAskGrain")]
internal interface IAskGrain : IGrainWithIntegerKey
{
    /// <summary>A trial of this sweep under a lease, durable when it returns; none when there is nothing to start now. A repeated question of the same asker finds the trial that they hold.</summary>
    [Alias("Ask")]
    Task<GrantReply> Ask(SweepId sweep, LeaseHolder asker, WorkerOffer offer);

    /// <summary>Renews the lease, and takes in what is told; durable when it returns.</summary>
    [Alias("Tell")]
    Task<ToldReply> Tell(SweepId sweep, Told told);
}

/// <param name="Epoch">Null for the epoch after the last.</param>
/// <param name="Value">The metric's value: joins <paramref name="Metrics"/> under the metric's name.</param>
/// <param name="Metrics">Null, with a null <paramref name="Value"/>, when only a sign of life is given.</param>
/// <param name="End">Null while the trial goes on.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.Told")]
internal sealed record Told(
    [property: Id(0)] int Trial,
    [property: Id(1)] long Lease,
    [property: Id(2)] int? Epoch = null,
    [property: Id(3)] double? Value = null,
    [property: Id(4)] ImmutableSortedDictionary<string, double>? Metrics = null,
    [property: Id(5)] AttemptEvent? End = null);

/// <param name="IsFenced">The lease is not, or no longer, the trial's.</param>
/// <param name="Trial">Its state now; null when there is no such trial.</param>
/// <param name="Value">The trial's best so far.</param>
/// <param name="ExpiresIn">When the lease ends if nothing more is heard; null when it has ended.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.ToldReply")]
internal sealed record ToldReply(
    [property: Id(0)] bool IsFenced,
    [property: Id(1)] Verdict Verdict,
    [property: Id(2)] TrialState? Trial,
    [property: Id(3)] double? Value,
    [property: Id(4)] SweepState State,
    [property: Id(5)] TimeSpan? ExpiresIn);
