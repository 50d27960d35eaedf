using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker;

/// <summary>The log of a trial on this worker: a folder per sweep, in it a file per trial with its attempts one after the other. Where they are
/// brought to a head it is a folder per trial with a file per attempt, which is deleted here when the head has it.</summary>
public static class TrialLog
{
    /// <summary>Where an attempt writes.</summary>
    public static string PathOf(WorkerOptions options, TrialId trial, int attempt) => options.HeadUrl is null
        ? PathOf(options.LogFolder, trial)
        : Path.Combine(FolderOf(options.LogFolder, trial), string.Create(CultureInfo.InvariantCulture, $"{attempt}.log"));

    /// <summary>Where all attempts write, below a folder of logs.</summary>
    public static string PathOf(string folder, TrialId trial) => FolderOf(folder, trial) + ".log";

    /// <summary>Where each attempt has its own file.</summary>
    public static string FolderOf(string folder, TrialId trial) =>
        Path.Combine(folder, trial.Sweep.Value, string.Create(CultureInfo.InvariantCulture, $"{trial.Number}"));

    /// <summary>What is here of the attempts after one, in order.</summary>
    public static IReadOnlyList<string> Of(WorkerOptions options, TrialId trial, int after) => options.HeadUrl is null
        ? [PathOf(options.LogFolder, trial)]
        :
        [
            .. LogFile.OfAttempts(FolderOf(options.LogFolder, trial)).Where(log => LogFile.AttemptOf(log) > after)
                .Select(log => log.FullName),
        ];
}
