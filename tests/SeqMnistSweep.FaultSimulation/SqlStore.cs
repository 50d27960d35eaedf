using System.Collections.Immutable;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>The shipped schema and SQL.</summary>
internal sealed class SqlStore : ISimulatedStore
{
    private readonly MemoryDatabase _database = new();

    public WriteOutcome Apply(SweepId sweep, ImmutableArray<SweepChange> changes, bool isFull) => _database.Apply(sweep, changes, isFull);

    public RestoredSweep Load(SweepId sweep) => _database.Load(sweep);

    public void Dispose() => _database.Dispose();
}
