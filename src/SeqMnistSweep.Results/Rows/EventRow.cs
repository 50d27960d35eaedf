namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>events</c>.</summary>
public sealed record EventRow
{
    public required long Event { get; init; }

    public required string Sweep { get; init; }

    public string? Trial { get; init; }

    public required string Kind { get; init; }

    public string? FromState { get; init; }

    public string? ToState { get; init; }

    /// <summary>Why a trial went to another state, in one word.</summary>
    public string? Cause { get; init; }

    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public long? Attempt { get; init; }

    public required string Time { get; init; }
}

/// <summary>An event with what is known of its trial by now.</summary>
public sealed record MoveRow
{
    public required string Sweep { get; init; }

    /// <summary>Null for an event of the sweep itself, and so are the next two.</summary>
    public long? Number { get; init; }

    public long? Configuration { get; init; }

    /// <summary>Who runs the trial, or ran it last.</summary>
    public string? Worker { get; init; }

    public required string Kind { get; init; }

    public string? FromState { get; init; }

    public string? ToState { get; init; }

    /// <summary>Why a trial went to another state, in one word.</summary>
    public string? Cause { get; init; }

    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public long? Attempt { get; init; }
}
