namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>events</c>.</summary>
public sealed record EventRow
{
    /// <summary>Grows with every event of the database.</summary>
    public required long Event { get; init; }

    /// <summary>The sweep's id.</summary>
    public required string Sweep { get; init; }

    /// <summary><c>SWEEP/NUMBER</c>; null for an event of the sweep itself.</summary>
    public string? Trial { get; init; }

    /// <summary>What kind of event it is, in one word.</summary>
    public required string Kind { get; init; }

    /// <summary>The state before; null where the state did not change.</summary>
    public string? FromState { get; init; }

    /// <summary>The state after; null where the state did not change.</summary>
    public string? ToState { get; init; }

    /// <summary>Why a trial went to another state, in one word.</summary>
    public string? Cause { get; init; }

    /// <summary>Why, as a text for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Who did it: a user, a worker, or <c>schedule</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>The attempt that it belongs to, counted from 1; null for none.</summary>
    public long? Attempt { get; init; }

    /// <summary>ISO 8601, UTC, with milliseconds.</summary>
    public required string Time { get; init; }
}

/// <summary>An event with what is known of its trial by now.</summary>
public sealed record MoveRow
{
    /// <summary>The sweep's id.</summary>
    public required string Sweep { get; init; }

    /// <summary>Null for an event of the sweep itself, and so are the next two.</summary>
    public long? Number { get; init; }

    /// <summary>The trial's configuration, counted from 1.</summary>
    public long? Configuration { get; init; }

    /// <summary>Who runs the trial, or ran it last.</summary>
    public string? Worker { get; init; }

    /// <summary>What kind of event it is, in one word.</summary>
    public required string Kind { get; init; }

    /// <summary>The state before; null where the state did not change.</summary>
    public string? FromState { get; init; }

    /// <summary>The state after; null where the state did not change.</summary>
    public string? ToState { get; init; }

    /// <summary>Why a trial went to another state, in one word.</summary>
    public string? Cause { get; init; }

    /// <summary>Why, as a text for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Who did it: a user, a worker, or <c>schedule</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>The attempt that it belongs to, counted from 1; null for none.</summary>
    public long? Attempt { get; init; }
}
