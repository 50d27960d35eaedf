namespace SeqMnistSweep.Scheduling;

/// <summary>What is stored of a trial: everything but its reports.</summary>
public sealed record TrialRecord
{
    /// <summary>What a reader of <see cref="TrialColumns"/> passes as the trial: it has no values yet.</summary>
    public static readonly TrialRecord Blank =
        new() { Number = 0, Configuration = 0, Parameters = ParameterSet.Empty, Seed = 0, Created = default };

    /// <summary>Counted from 1 within the sweep.</summary>
    public required int Number { get; init; }

    /// <summary>The configuration's number, counted from 1; trials that differ only in their seed share it.</summary>
    public required int Configuration { get; init; }

    /// <summary>The configuration.</summary>
    public required ParameterSet Parameters { get; init; }

    /// <summary>From which all random numbers of the trial follow.</summary>
    public required long Seed { get; init; }

    /// <summary>What it is for.</summary>
    public TrialPurpose Purpose { get; init; }

    /// <summary>Whether the search learns from it and judges it; a confirmation it knows nothing of.</summary>
    public bool IsOfSearch => Purpose != TrialPurpose.Confirmation;

    /// <summary>Where the configuration came from: "grid point 5 of 27", "random draw 7", "enqueued by ada@lab: a hunch".</summary>
    public string? Origin { get; init; }

    /// <summary>Where it stands.</summary>
    public TrialState State { get; init; } = TrialState.Queued;

    /// <summary>Why it is in its state; null for a new one.</summary>
    public TransitionCause? StateCause { get; init; }

    /// <summary>How the last attempt failed; null where it did not.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>What went wrong, for a person.</summary>
    public string? Message { get; init; }

    /// <summary>The fencing token of the last grant; 0 before the first. Only grows.</summary>
    public long Lease { get; init; }

    /// <summary>Attempts so far, that of the present lease included. A lease that ended before anything ran is none.</summary>
    public int Attempts { get; init; }

    /// <summary>Attempts that failed by their own fault: counted against <c>retry.max</c>.</summary>
    public int Failures { get; init; }

    /// <summary>Attempts that were lost with their worker since an epoch was reported that none had reported before.</summary>
    public int LossesInARow { get; init; }

    /// <summary>Attempts that a signal ended since then.</summary>
    public int KillsInARow { get; init; }

    /// <summary>The last epoch that any attempt has reported; 0 before the first.</summary>
    public int FurthestEpoch { get; init; }

    /// <summary>Last reported epoch that counts; 0 before the first.</summary>
    public int Epoch { get; init; }

    /// <summary>The epoch after which the last attempt was to go on: that of its checkpoint, 0 for one that begins anew. What earlier
    /// attempts reported up to it stands.</summary>
    public int ResumeEpoch { get; init; }

    /// <summary>The epoch after which the present attempt goes on now.</summary>
    public int EpochsDone => State == TrialState.Leased ? ResumeEpoch : Epoch;

    /// <summary>Best finite value of the sweep's metric, with the epoch it was reached in.</summary>
    public double? Value { get; init; }

    /// <summary>The epoch of the value.</summary>
    public int? ValueEpoch { get; init; }

    /// <summary>On the test set with the weights of the best epoch, in nats; null until the trial is completed.</summary>
    public double? TestLoss { get; init; }

    /// <summary>The same for the accuracy, a fraction.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>The last committed checkpoint.</summary>
    public CheckpointFile? Checkpoint { get; init; }

    /// <summary>The one before it, kept in case that turns out damaged; null where there is none or the trial has ended.</summary>
    public CheckpointFile? EarlierCheckpoint { get; init; }

    /// <summary>That of the best epoch, where it is kept and neither of these.</summary>
    public CheckpointFile? BestCheckpoint { get; init; }

    /// <summary>Those that are kept of a trial that may go on.</summary>
    public IEnumerable<CheckpointFile> Checkpoints =>
        State.IsForGood() ? [] : new[] { Checkpoint, EarlierCheckpoint, BestCheckpoint }.OfType<CheckpointFile>();

    /// <summary>Whether it has run out of a GPU's memory and is to have a device to itself.</summary>
    public bool Alone { get; init; }

    /// <summary>The worker that holds the trial, or held it last.</summary>
    public string? Worker { get; init; }

    /// <summary>The incarnation of that worker: the silo address, new with every start.</summary>
    public string? Incarnation { get; init; }

    /// <summary>The device there.</summary>
    public string? Device { get; init; }

    /// <summary>How long the lease lives after its holder was last heard, where an <see cref="ExternalClient"/> holds it; null for a
    /// worker's.</summary>
    public TimeSpan? LeaseLife { get; init; }

    /// <summary>Who holds the last lease; null before the first.</summary>
    public LeaseHolder? Holder => Worker is null ? null : new LeaseHolder(Worker, Incarnation!, Device!, LeaseLife);

    /// <summary>What the trainable said of itself, as a JSON object: parameters, receptive field, provenance.</summary>
    public string? Facts { get; init; }

    /// <summary>Not before this time: the back-off after a failure.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it was proposed.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When a runner first started on it.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When the runner started of the attempt that runs, or that ended the trial for good; null in every other state.</summary>
    public DateTimeOffset? AttemptStarted { get; init; }

    /// <summary>Seconds that its ended attempts have run.</summary>
    public double RunSeconds { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>When its last attempt was granted.</summary>
    public DateTimeOffset? Granted { get; init; }
}

/// <summary>One attempt of a trial that has ended.</summary>
/// <param name="Number">Counted from 1 within the trial.</param>
/// <param name="Granted">When the head gave the lease.</param>
/// <param name="Started">When its runner had started; null when it failed or was lost before that.</param>
/// <param name="Outcome">The state that it left the trial in.</param>
/// <param name="Failure">Set where <paramref name="Cause"/> is <see cref="TransitionCause.Failed"/>.</param>
public sealed record AttemptRecord(
    int Number, string Worker, string? Device, DateTimeOffset Granted, DateTimeOffset? Started, DateTimeOffset Ended, TrialState Outcome,
    TransitionCause Cause, FailureCause? Failure)
{
    /// <summary>The cause as one word: that of the failure where it failed.</summary>
    public string CauseName => Cause.ToName(Failure);
}
