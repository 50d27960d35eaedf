using SeqMnistSweep.Files;

namespace SeqMnistSweep.Head.Outputs;

/// <summary>The logs that lie beside the database, one after the other as if they were one file: that of a local run, with all of its
/// attempts, then those that workers have brought.</summary>
internal static class KeptLogs
{
    public static string FolderOf(HeadOptions options, TrialId trial) =>
        Path.Combine(options.LogFolder, trial.Sweep.Value, trial.Number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The part at an offset; null behind the last of them, which is as long as told.</summary>
    /// <param name="workerOf">Who ran an attempt.</param>
    /// <returns>The last attempt whose log is here; 0 when none is.</returns>
    public static (LogChunk? Chunk, long Length, int Last) Read(string folder, long offset, Func<int, string> workerOf)
    {
        var (start, last) = (0L, 0);
        var ofRun = new FileInfo(folder + ".log");
        IEnumerable<(FileInfo, int)> logs = ofRun.Exists ? [(ofRun, 1)] : [];
        foreach (var (log, attempt) in logs.Concat(LogFile.OfAttempts(folder).Select(log => (log, LogFile.AttemptOf(log)))))
        {
            last = attempt;
            if (offset < start + log.Length)
            {
                var (text, next) = LogFile.Read(log.FullName, offset - start, isWhole: true);
                return (new LogChunk(last, workerOf(last), text, start + next, Ended: true) { Start = start }, start, last);
            }

            start += log.Length;
        }

        return (null, start, last);
    }
}
