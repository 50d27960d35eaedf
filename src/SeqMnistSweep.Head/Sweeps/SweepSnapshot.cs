namespace SeqMnistSweep.Head.Sweeps;

/// <summary>How a sweep stands, for whoever decides about several: immutable, and published by the sweep after each of its turns.</summary>
/// <param name="Sweep">Its row: state, priority, weight.</param>
/// <param name="Use">What it has had of the slots.</param>
/// <param name="Startable">Trials that it could start at its last tick, counted up to a thousand.</param>
/// <param name="PlacementConstraint">Which workers may run them.</param>
/// <param name="Held">Its live leases at its last tick.</param>
internal sealed record SweepSnapshot(
    SweepRecord Sweep, SlotUse Use, int Startable, PlacementConstraint PlacementConstraint, ImmutableArray<LiveLease> Held);

/// <param name="Ran">Since its grant, or since the head read the sweep.</param>
/// <param name="GivesBack">Whether its slot was asked for.</param>
internal sealed record LiveLease(int Trial, long Lease, string Worker, TimeSpan Ran, bool GivesBack);
