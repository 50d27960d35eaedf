namespace SeqMnistSweep.Results.Reading;

/// <summary>A sweep as it stood at one moment, with all that a schedule is rebuilt from.</summary>
/// <param name="Trials">By number.</param>
/// <param name="Reports">By trial and epoch.</param>
/// <param name="Checkpoints">Not dropped yet, by trial and epoch.</param>
public sealed record RestoredSweep(
    SweepRecord Sweep, IReadOnlyList<TrialRecord> Trials, IReadOnlyList<StoredReport> Reports, IReadOnlyList<StoredCheckpoint> Checkpoints);

/// <summary>The same, row by row, for who need not have all of it at once.</summary>
/// <param name="Trials">By number.</param>
/// <param name="Reports">By trial and epoch: of all trials, or of those only that may report again.</param>
public sealed record SweepStream(
    SweepRecord Sweep, IEnumerable<TrialRecord> Trials, Func<bool, IEnumerable<StoredReport>> Reports,
    Func<IEnumerable<StoredCheckpoint>> Checkpoints);

/// <summary>A sweep and its leases.</summary>
/// <param name="Active">Its trials that are leased or running.</param>
public sealed record SweepOutline(SweepRecord Sweep, IReadOnlyList<TrialRecord> Active);

/// <param name="Trial">Its number.</param>
public sealed record StoredReport(int Trial, int Attempt, EpochReport Report, DateTimeOffset Time);

/// <param name="Trial">Its number.</param>
public sealed record StoredCheckpoint(int Trial, int Attempt, CheckpointFile Checkpoint, DateTimeOffset Time);
