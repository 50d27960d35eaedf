namespace SeqMnistSweep.Results.Writing;

/// <summary>A worker as its last exchange showed it; the row of its name is replaced.</summary>
/// <param name="Incarnation">New with every start of the worker.</param>
/// <param name="State">A short stable word: <c>ready</c>, <c>draining</c>, <c>drained</c>, <c>faulty</c>, <c>gone</c>, <c>lost</c>.</param>
/// <param name="Time">When it was last heard.</param>
public sealed record WorkerSeen(string Name, string Incarnation, string Device, int Slots, string State, DateTimeOffset Time)
{
    /// <summary>Its tags, in the order it gave them.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The program's version there.</summary>
    public string? Version { get; init; }

    /// <summary>Whether it runs programs of users.</summary>
    public bool AllowsPrograms { get; init; }

    /// <summary>Why somebody drains it; null while nobody does.</summary>
    public string? DrainReason { get; init; }

    /// <summary>Who drains it; null while nobody does.</summary>
    public string? DrainedBy { get; init; }
}
