using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <summary>What sweeps tell the dispatcher; the same grain as <see cref="SeqMnistSweep.Grains.IDispatchGrain"/>, closed to clients and workers.</summary>
[Alias("seqsweep.ISweepNoticeGrain")]
internal interface ISweepNoticeGrain : IGrainWithIntegerKey
{
    /// <summary>Somebody acted on the sweep: it may have more to grant, other priorities, or orders that should not wait for the next beat.</summary>
    [Alias("Changed")]
    Task Changed(SweepNotice notice);
}

[GenerateSerializer, Immutable, Alias("seqsweep.SweepNotice")]
internal sealed record SweepNotice([property: Id(0)] SweepId Sweep, [property: Id(1)] SweepState State, [property: Id(2)] int Priority, [property: Id(3)] DateTimeOffset Created, [property: Id(4)] double Weight);
