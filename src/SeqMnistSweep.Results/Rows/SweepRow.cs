namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>sweeps</c> with the counts of its trials by state.</summary>
public sealed record SweepRow
{
    public required string Sweep { get; init; }

    public required string Name { get; init; }

    public required string State { get; init; }

    public required string Method { get; init; }

    public required string Metric { get; init; }

    /// <summary><c>maximize</c> or <c>minimize</c>.</summary>
    public required string Goal { get; init; }

    public required long Infeasible { get; init; }

    /// <summary>The sweep file's text.</summary>
    public required string Spec { get; init; }

    public required string Created { get; init; }

    public string? Started { get; init; }

    public string? Finished { get; init; }

    /// <summary>Trials that the sweep will have in all, when that is known.</summary>
    public long? Planned { get; init; }

    public long Priority { get; init; }

    public double Weight { get; init; } = 1;

    public double SlotHours { get; init; }

    public string? Reason { get; init; }

    public required string Digest { get; init; }

    /// <summary>What was changed since the submission, a JSON object.</summary>
    public required string Edits { get; init; }

    /// <summary>The name that its submission was given.</summary>
    public string? SubmitKey { get; init; }

    /// <summary>What its search began with, of earlier sweeps: a JSON list; see <see cref="PriorJson.ReadSources"/>.</summary>
    public string Prior { get; init; } = "[]";

    public long Trials { get; init; }

    public long Queued { get; init; }

    /// <summary>Leased or running.</summary>
    public long Running { get; init; }

    public long Paused { get; init; }

    public long Completed { get; init; }

    public long Pruned { get; init; }

    public long Failed { get; init; }

    public long Cancelled { get; init; }

    /// <summary>The best value of a completed trial.</summary>
    public double? Best { get; init; }

    public bool Maximize => Goal == "maximize";
}

/// <summary>A row of the view <c>leaderboard</c>: a configuration with a completed trial.</summary>
public sealed record LeaderboardRow
{
    public required string Sweep { get; init; }

    public required long Rank { get; init; }

    public required string Trial { get; init; }

    /// <summary>Mean over the completed seeds; null when one of them never had a finite value.</summary>
    public double? Value { get; init; }

    /// <summary>Sample standard deviation; null for one seed.</summary>
    public double? Deviation { get; init; }

    public required long Seeds { get; init; }

    public long? Epoch { get; init; }

    public double? TestAccuracy { get; init; }

    public required string Params { get; init; }

    public required long Configuration { get; init; }
}

/// <summary>How many trials of a sweep failed by one cause, with one of them as an example.</summary>
public sealed record FailureCount
{
    public required string Cause { get; init; }

    public required long Trials { get; init; }

    public required string Example { get; init; }

    public string? Message { get; init; }
}
