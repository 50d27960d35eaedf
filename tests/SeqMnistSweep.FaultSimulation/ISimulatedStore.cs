using System.Collections.Immutable;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>What the disk holds: survives every process.</summary>
internal interface ISimulatedStore : IDisposable
{
    /// <summary>All of the changes or none, at once.</summary>
    /// <exception cref="DatabaseException">They did not fit.</exception>
    WriteOutcome Apply(SweepId sweep, ImmutableArray<SweepChange> changes, bool isFull);

    RestoredSweep Load(SweepId sweep);
}
