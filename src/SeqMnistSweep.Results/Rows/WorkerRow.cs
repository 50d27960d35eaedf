namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>workers</c>.</summary>
public sealed record WorkerRow
{
    public required string Worker { get; init; }

    public required string Incarnation { get; init; }

    public required string Device { get; init; }

    public required long Slots { get; init; }

    public required string State { get; init; }

    /// <summary>When this incarnation was first seen.</summary>
    public required string Started { get; init; }

    public required string Seen { get; init; }

    /// <summary>A JSON list.</summary>
    public required string Tags { get; init; }

    /// <summary>The program's version there.</summary>
    public string? Version { get; init; }

    /// <summary>Whether it runs programs of users.</summary>
    public bool AllowsPrograms { get; init; }

    /// <summary>Why somebody drains it; null while nobody does.</summary>
    public string? DrainReason { get; init; }

    public string? DrainedBy { get; init; }
}
