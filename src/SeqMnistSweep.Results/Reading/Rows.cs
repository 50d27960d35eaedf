namespace SeqMnistSweep.Results.Reading;

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

/// <summary>A row of the view <c>trials</c>.</summary>
public sealed record TrialRow
{
    public required string Trial { get; init; }

    public required string Sweep { get; init; }

    public required long Number { get; init; }

    public required long Configuration { get; init; }

    public required string State { get; init; }

    public string? Cause { get; init; }

    public double? Value { get; init; }

    /// <summary>The epoch of the value.</summary>
    public long? Epoch { get; init; }

    public double? TestLoss { get; init; }

    public double? TestAccuracy { get; init; }

    /// <summary>A JSON object.</summary>
    public required string Params { get; init; }

    public required long Seed { get; init; }

    public required long Attempts { get; init; }

    public string? Worker { get; init; }

    public string? Device { get; init; }

    public string? Started { get; init; }

    public string? Finished { get; init; }

    public required string Created { get; init; }

    /// <summary>Epochs reported so far.</summary>
    public required long Epochs { get; init; }

    public string? Message { get; init; }

    public required long Lease { get; init; }

    public required long Failures { get; init; }

    /// <summary>Weights of the trained network.</summary>
    public long? Parameters { get; init; }

    /// <summary>A JSON object.</summary>
    public string? Facts { get; init; }

    /// <summary>Where the configuration came from.</summary>
    public string? Origin { get; init; }
}

/// <summary>A row of the view <c>reports</c>.</summary>
public sealed record ReportRow
{
    public required string Trial { get; init; }

    public required long Epoch { get; init; }

    public required long Attempt { get; init; }

    public double? TrainLoss { get; init; }

    public double? TrainAccuracy { get; init; }

    public double? ValLoss { get; init; }

    public double? ValAccuracy { get; init; }

    public double? TestLoss { get; init; }

    public double? TestAccuracy { get; init; }

    public double? EpochSeconds { get; init; }

    /// <summary>A JSON object with all metrics; NaN and the infinities are text in it.</summary>
    public required string Metrics { get; init; }

    public required string Time { get; init; }
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

/// <summary>A row of the view <c>events</c>.</summary>
public sealed record EventRow
{
    public required long Event { get; init; }

    public required string Sweep { get; init; }

    public string? Trial { get; init; }

    public required string Kind { get; init; }

    public string? FromState { get; init; }

    public string? ToState { get; init; }

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

    public required string Reason { get; init; }

    public required string Actor { get; init; }

    public long? Attempt { get; init; }
}

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

/// <summary>A row of the view <c>checkpoints</c>.</summary>
public sealed record CheckpointRow
{
    public required string Trial { get; init; }

    public required long Epoch { get; init; }

    public required long Batch { get; init; }

    public required string Digest { get; init; }

    public required long Bytes { get; init; }

    public required long Attempt { get; init; }

    public required string Time { get; init; }
}

/// <summary>How many trials of a sweep failed by one cause, with one of them as an example.</summary>
public sealed record FailureCount
{
    public required string Cause { get; init; }

    public required long Trials { get; init; }

    public required string Example { get; init; }

    public string? Message { get; init; }
}
