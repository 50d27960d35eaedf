namespace SeqMnistSweep.Scheduling;

/// <summary>The one list of what is kept of a trial. The table's statements, the rows read back and the packed form all pass through it, so
/// a new column is a property of <see cref="TrialRecord"/>, a line here, and a migration that adds it to the table.</summary>
public static class TrialColumns
{
    /// <summary>Passes every column through <paramref name="columns"/>, always in the same order.</summary>
    /// <param name="trial">The values of a trial that is written; a reader looks at none of them.</param>
    /// <returns>The trial that was read; for a writer, which returns what it was given, a copy.</returns>
    public static TrialRecord Pass(ITrialColumns columns, TrialRecord trial) => PassChanging(
        columns,
        new TrialRecord
        {
            Number = columns.Integer("number", trial.Number),
            Configuration = columns.Integer("configuration", trial.Configuration),
            Parameters = columns.Parameters("params", trial.Parameters),
            Seed = columns.Long("seed", trial.Seed),
            Purpose = columns.Choice<TrialPurpose>("purpose", trial.Purpose)!.Value,
            Origin = columns.Text("origin", trial.Origin),
            Created = columns.Time("created", trial.Created)!.Value,
        },
        trial);

    /// <summary>Passes the columns that change during a trial's life.</summary>
    /// <inheritdoc cref="Pass(ITrialColumns, TrialRecord)" path="/param"/>
    public static TrialRecord PassChanging(ITrialColumns columns, TrialRecord trial) => PassChanging(columns, trial, trial);

    private static TrialRecord PassChanging(ITrialColumns columns, TrialRecord made, TrialRecord trial) => made with
    {
        State = columns.Choice<TrialState>("state", trial.State)!.Value,
        StateCause = columns.Choice("state_cause", trial.StateCause),
        Cause = columns.Choice("cause", trial.Cause),
        Message = columns.Text("message", trial.Message),
        Lease = columns.Long("lease", trial.Lease),
        Attempts = columns.Integer("attempts", trial.Attempts),
        Failures = columns.Integer("failures", trial.Failures),
        LossesInARow = columns.Integer("losses_in_a_row", trial.LossesInARow),
        KillsInARow = columns.Integer("kills_in_a_row", trial.KillsInARow),
        FurthestEpoch = columns.Integer("furthest_epoch", trial.FurthestEpoch),
        Epoch = columns.Integer("epoch", trial.Epoch),
        ResumeEpoch = columns.Integer("resume_epoch", trial.ResumeEpoch),
        Value = columns.Real("value", trial.Value),
        ValueEpoch = columns.OptionalInteger("value_epoch", trial.ValueEpoch),
        TestLoss = columns.Real("test_loss", trial.TestLoss),
        TestAccuracy = columns.Real("test_accuracy", trial.TestAccuracy),
        Checkpoint = columns.Checkpoint("checkpoint", trial.Checkpoint),
        EarlierCheckpoint = columns.KeptCheckpoint(trial.EarlierCheckpoint),
        BestCheckpoint = columns.KeptCheckpoint(trial.BestCheckpoint),
        Alone = columns.Flag("alone", trial.Alone),
        Worker = columns.Name("worker", trial.Worker),
        Incarnation = columns.Name("incarnation", trial.Incarnation),
        Device = columns.Name("device", trial.Device),
        LeaseLife = columns.Real("lease_life", trial.LeaseLife?.TotalSeconds) is { } life ? TimeSpan.FromSeconds(life) : null,
        Facts = columns.Text("facts", trial.Facts),
        NotBefore = columns.Time("not_before", trial.NotBefore),
        Started = columns.Time("started", trial.Started),
        AttemptStarted = columns.Time("attempt_started", trial.AttemptStarted),
        RunSeconds = columns.Real("run_seconds", trial.RunSeconds)!.Value,
        Finished = columns.Time("finished", trial.Finished),
        Granted = columns.Time("granted", trial.Granted),
    };
}

/// <summary>What is done with a trial's columns. A writer stores each value and returns it; a reader ignores the value and returns what it
/// reads.</summary>
public interface ITrialColumns
{
    /// <summary>A whole number that is always there.</summary>
    int Integer(string column, int value);

    /// <summary>A whole number of 64 bits that is always there.</summary>
    long Long(string column, long value);

    /// <summary>A whole number that is not negative, or none.</summary>
    int? OptionalInteger(string column, int? value);

    /// <summary>A number, or none.</summary>
    double? Real(string column, double? value);

    /// <summary>Yes or no.</summary>
    bool Flag(string column, bool value);

    /// <summary>Any text, or none.</summary>
    string? Text(string column, string? value);

    /// <summary>A text that many trials share, such as a worker's name, or none.</summary>
    string? Name(string column, string? value);

    /// <summary>A value of a closed set, or none.</summary>
    T? Choice<T>(string column, T? value)
        where T : struct, Enum;

    /// <summary>A time, or none.</summary>
    DateTimeOffset? Time(string column, DateTimeOffset? value);

    /// <summary>A configuration.</summary>
    ParameterSet Parameters(string column, ParameterSet value);

    /// <summary>A checkpoint, or none. A table has it in five columns that begin with <paramref name="column"/>.</summary>
    CheckpointFile? Checkpoint(string column, CheckpointFile? value);

    /// <summary>A checkpoint beside the last. It is no column of its own: a database finds it among the checkpoints of the trial.</summary>
    CheckpointFile? KeptCheckpoint(CheckpointFile? value);
}
