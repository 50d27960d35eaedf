namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>workers</c>.</summary>
public sealed record WorkerRow
{
    /// <summary>Its name, unique in the cluster.</summary>
    public required string Worker { get; init; }

    /// <summary>This start of it: its silo's address.</summary>
    public required string Incarnation { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Trials at the same time.</summary>
    public required long Slots { get; init; }

    /// <summary>Name of a <c>WorkerState</c> in lower case.</summary>
    public required string State { get; init; }

    /// <summary>When this incarnation was first seen.</summary>
    public required string Started { get; init; }

    /// <summary>When it was heard last: ISO 8601, UTC, with milliseconds.</summary>
    public required string Seen { get; init; }

    /// <summary>A JSON list.</summary>
    public required string Tags { get; init; }

    /// <summary>The program's version there.</summary>
    public string? Version { get; init; }

    /// <summary>Whether it runs programs of users.</summary>
    public bool AllowsPrograms { get; init; }

    /// <summary>Why somebody drains it; null while nobody does.</summary>
    public string? DrainReason { get; init; }

    /// <summary>Who drains it; null while nobody does.</summary>
    public string? DrainedBy { get; init; }
}
