namespace SeqMnistSweep.Worker;

/// <summary>The log file of a trial on this worker: a folder per sweep, a file per trial, attempts one after the other. What the head has is
/// deleted here.</summary>
public static class TrialLog
{
    /// <summary>Where it lies on this worker.</summary>
    public static string PathOf(WorkerOptions options, TrialId trial) => PathOf(options.LogFolder, trial);

    /// <summary>Where it lies below a folder of logs.</summary>
    public static string PathOf(string folder, TrialId trial) =>
        Path.Combine(folder, trial.Sweep.Value, string.Create(CultureInfo.InvariantCulture, $"{trial.Number}.log"));
}
