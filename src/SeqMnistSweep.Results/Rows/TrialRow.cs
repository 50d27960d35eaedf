namespace SeqMnistSweep.Results.Rows;

/// <summary>
/// What users see of a trial. Every property is a column of the view <c>trials</c>, which is made from this type, and a field of the
/// answers
/// over HTTP; those that are not <see cref="FromAttribute.Hidden"/> are columns of <c>TrialTable</c> too.
/// </summary>
public sealed record TrialRow
{
    /// <summary>The sweep's id, a slash and the number.</summary>
    [From("id", Hidden = true)]
    public required string Trial { get; init; }

    /// <summary>The sweep's id.</summary>
    [From("sweep", Hidden = true)]
    public required string Sweep { get; init; }

    /// <inheritdoc cref="TrialRecord.Number"/>
    public required long Number { get; init; }

    /// <inheritdoc cref="TrialRecord.Configuration"/>
    public required long Configuration { get; init; }

    /// <summary>Name of a <see cref="Trials.TrialState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Name of a <see cref="Trials.FailureCause"/>; null unless an attempt failed.</summary>
    public string? Cause { get; init; }

    /// <summary>Best finite value of the sweep's metric; null without one.</summary>
    public double? Value { get; init; }

    /// <summary>The epoch of the value.</summary>
    [From("value_epoch", Table = "best_epoch")]
    public long? Epoch { get; init; }

    /// <summary>Loss on the test set with the weights of the best epoch, in nats; null until the trial is completed.</summary>
    public double? TestLoss { get; init; }

    /// <summary>The same for the accuracy, a fraction.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>The configuration, a JSON object.</summary>
    [From("params", Hidden = true)]
    public required string Params { get; init; }

    /// <summary>The trial's seed.</summary>
    public required long Seed { get; init; }

    /// <inheritdoc cref="TrialRecord.Attempts"/>
    public required long Attempts { get; init; }

    /// <summary>The worker that runs it, or ran it last.</summary>
    public string? Worker { get; init; }

    /// <summary>The device there.</summary>
    public string? Device { get; init; }

    /// <inheritdoc cref="TrialRecord.Started"/>
    public string? Started { get; init; }

    /// <summary>When it came to its end.</summary>
    public string? Finished { get; init; }

    /// <summary>When it was proposed.</summary>
    public required string Created { get; init; }

    /// <summary>Epochs reported so far.</summary>
    [From("epoch", Table = "epochs_done")]
    public required long Epochs { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>The last fencing token; 0 before the first grant.</summary>
    [From("lease", Hidden = true)]
    public required long Lease { get; init; }

    /// <inheritdoc cref="TrialRecord.Failures"/>
    public required long Failures { get; init; }

    /// <summary>Weights of the trained network, as its facts say.</summary>
    [From("iif(json_valid(facts), json_extract(facts, '$.parameters'), null)", Hidden = true)]
    public long? Parameters { get; init; }

    /// <summary>What the trainable said of itself, a JSON object.</summary>
    [From("facts", Hidden = true)]
    public string? Facts { get; init; }

    /// <summary>Where the configuration came from.</summary>
    public string? Origin { get; init; }

    /// <inheritdoc cref="TrialRecord.RunSeconds"/>
    [From("run_seconds", Hidden = true)]
    public double RunSeconds { get; init; }
}
