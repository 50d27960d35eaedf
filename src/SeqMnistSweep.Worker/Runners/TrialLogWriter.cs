namespace SeqMnistSweep.Worker.Runners;

/// <summary>The log of the trial that a process runs, and its last line. Safe for use by several threads.</summary>
internal sealed class TrialLogWriter
{
    private const int LongestLastWords = 1000;

    private readonly object _gate = new();
    private StreamWriter? _log;
    private string _lastWords = "";

    public string LastWords => Volatile.Read(ref _lastWords);

    /// <summary>Further lines go to this file; null throws them away.</summary>
    public void Open(string? file)
    {
        StreamWriter? next = null;
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            next = new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        }

        lock (_gate)
        {
            _log?.Dispose();
            _log = next;
        }
    }

    public void Write(string line)
    {
        if (line.Length > 0)
        {
            Volatile.Write(ref _lastWords, line.Length <= LongestLastWords ? line : line[..LongestLastWords]);
        }

        lock (_gate)
        {
            try
            {
                _log?.WriteLine(line);
            }
            catch (IOException)
            {
                // A full disk costs the log, not the trial: it would wait for ever for someone to read on.
            }
        }
    }
}
