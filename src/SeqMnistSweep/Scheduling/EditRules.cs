namespace SeqMnistSweep.Scheduling;

/// <summary>Which edits make sense.</summary>
internal static class EditRules
{
    /// <param name="configurations">Made so far.</param>
    /// <returns>What is wrong, as a sentence; null when nothing is.</returns>
    public static string? Problem(SweepEdits edits, int configurations) => edits switch
    {
        _ when edits == SweepEdits.None => "nothing is named that should be changed",
        { RunCap: { } cap } when cap < configurations => $"run_cap {cap} is below the {configurations} configurations that are made already",
        { RunCap: < 1 } => "run_cap must be 1 or more",
        { MaxParallel: < 1 } => "max_parallel must be 1 or more; to hold the sweep, pause it",
        { MaxFailures: < 1 } => "max_failures must be 1 or more",
        { Weight: { } weight } when !(weight > 0 && double.IsFinite(weight)) => "weight must be a number above 0; to hold the sweep, pause it",
        { Epochs: < 1 } => "epochs must be 1 or more",
        { SlotHours: { } hours } when !(hours > 0) => "slot_hours must be a number above 0",
        { Seeds: < 1 } => "seeds must be 1 or more",
        { TrialTime: { } time } when time <= TimeSpan.Zero => "trial_time must be longer than nothing",
        { SweepTime: { } time } when time <= TimeSpan.Zero => "sweep_time must be longer than nothing",
        _ => null,
    };
}
