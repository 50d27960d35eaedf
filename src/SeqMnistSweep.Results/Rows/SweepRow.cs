namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>sweeps</c> with the counts of its trials by state.</summary>
public sealed record SweepRow
{
    /// <summary>Its id, <c>name-xxxx</c>.</summary>
    public required string Sweep { get; init; }

    /// <summary>The name that its file gives it.</summary>
    public required string Name { get; init; }

    /// <summary>Name of a <c>SweepState</c> in lower case.</summary>
    public required string State { get; init; }

    /// <summary>The sampler.</summary>
    public required string Method { get; init; }

    /// <summary>The metric by which trials are ranked.</summary>
    public required string Metric { get; init; }

    /// <summary><c>maximize</c> or <c>minimize</c>.</summary>
    public required string Goal { get; init; }

    /// <summary>Points that the constraints dropped.</summary>
    public required long Infeasible { get; init; }

    /// <summary>The sweep file's text.</summary>
    public required string Spec { get; init; }

    /// <summary>When it was submitted: ISO 8601, UTC, with milliseconds, like the next two.</summary>
    public required string Created { get; init; }

    /// <summary>When its first trial started; null before.</summary>
    public string? Started { get; init; }

    /// <summary>When it ended; null before.</summary>
    public string? Finished { get; init; }

    /// <summary>Trials that the sweep will have in all, when that is known.</summary>
    public long? Planned { get; init; }

    /// <summary>A larger one goes first.</summary>
    public long Priority { get; init; }

    /// <summary>Its part of the slots beside sweeps of the same priority; above 0.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Hours of slots that its attempts have used.</summary>
    public double SlotHours { get; init; }

    /// <summary>Why it is in this state; null where nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>SHA-256 of what the file means, by which the same content is found again.</summary>
    public required string Digest { get; init; }

    /// <summary>What was changed since the submission, a JSON object.</summary>
    public required string Edits { get; init; }

    /// <summary>The name that its submission was given.</summary>
    public string? SubmitKey { get; init; }

    /// <summary>What its search began with, of earlier sweeps: a JSON list; see <see cref="PriorJson.ReadSources"/>.</summary>
    public string Prior { get; init; } = "[]";

    /// <summary>Trials made so far, in any state.</summary>
    public long Trials { get; init; }

    /// <summary>Trials that wait for a slot.</summary>
    public long Queued { get; init; }

    /// <summary>Leased or running.</summary>
    public long Running { get; init; }

    /// <summary>Trials that wait for a verdict or a promotion.</summary>
    public long Paused { get; init; }

    /// <summary>Trials that ran to their end.</summary>
    public long Completed { get; init; }

    /// <summary>Trials that a pruner stopped.</summary>
    public long Pruned { get; init; }

    /// <summary>Trials that failed for good.</summary>
    public long Failed { get; init; }

    /// <summary>Trials that somebody, or the end of the sweep, cancelled.</summary>
    public long Cancelled { get; init; }

    /// <summary>The best value of a completed trial.</summary>
    public double? Best { get; init; }

    /// <summary>Whether the largest value is the best.</summary>
    public bool Maximize => Goal == "maximize";
}

/// <summary>A row of the view <c>leaderboard</c>: a configuration with a completed trial.</summary>
public sealed record LeaderboardRow
{
    /// <summary>The sweep's id.</summary>
    public required string Sweep { get; init; }

    /// <summary>Counted from 1; equal values have ranks of their own, the earlier trial first.</summary>
    public required long Rank { get; init; }

    /// <summary>The configuration's trial with the lowest number.</summary>
    public required string Trial { get; init; }

    /// <summary>Mean over the completed seeds; null when one of them never had a finite value.</summary>
    public double? Value { get; init; }

    /// <summary>Sample standard deviation; null for one seed.</summary>
    public double? Deviation { get; init; }

    /// <summary>Seeds that have completed.</summary>
    public required long Seeds { get; init; }

    /// <summary>The epoch of that trial's best value.</summary>
    public long? Epoch { get; init; }

    /// <summary>Mean over the completed seeds: a fraction, 0 to 1.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>The configuration as a JSON object.</summary>
    public required string Params { get; init; }

    /// <summary>Counted from 1 within the sweep.</summary>
    public required long Configuration { get; init; }
}

/// <summary>How many trials of a sweep failed by one cause, with one of them as an example.</summary>
public sealed record FailureCount
{
    /// <summary>Name of a <c>FailureCause</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>How many failed so.</summary>
    public required long Trials { get; init; }

    /// <summary>One of them, <c>SWEEP/NUMBER</c>.</summary>
    public required string Example { get; init; }

    /// <summary>What that one said.</summary>
    public string? Message { get; init; }
}
