using System.Collections.Immutable;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>A planted fault: what was sent once is not sent again.</summary>
internal sealed class ForgetfulOutbox : Outbox
{
    public override ImmutableArray<NumberedEvent> Pending(out IReadOnlyCollection<(TrialId Trial, long Lease)> later)
    {
        var events = base.Pending(out later);
        Acknowledge(long.MaxValue);
        return events;
    }
}
