namespace SeqMnistSweep.Results;

/// <summary>A worker as its last exchange showed it; the row of its name is replaced.</summary>
/// <param name="Incarnation">New with every start of the worker.</param>
/// <param name="State">A short stable word: <c>ready</c>, <c>draining</c>, <c>lost</c>, <c>left</c>.</param>
public sealed record WorkerSeen(string Name, string Incarnation, string Device, int Slots, string State, DateTimeOffset Time);
