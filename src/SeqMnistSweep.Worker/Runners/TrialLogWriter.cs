using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>The log of the trial that a process runs, and its last line. Safe for use by several threads.</summary>
/// <param name="maxBytes">Bytes that one attempt may log; what comes after is thrown away, but for the last words.</param>
internal sealed class TrialLogWriter(long maxBytes = TrialLogWriter.MaxBytes)
{
    public const long MaxBytes = 64L << 20;

    private const int MaxLastWords = 1000;

    private readonly object _gate = new();
    private StreamWriter? _log;
    private long _end;
    private string _lastWords = "";

    public string LastWords => Volatile.Read(ref _lastWords);

    /// <summary>Further lines go to this file; null throws them away.</summary>
    public void Open(string? file)
    {
        StreamWriter? next = null;
        if (file is not null)
        {
            PrivateFile.CreateMissingFolders(Path.GetDirectoryName(file)!);
            next = new StreamWriter(PrivateFile.Open(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        }

        lock (_gate)
        {
            _log?.Dispose();
            _log = next;
            _end = next is null ? 0 : next.BaseStream.Position + maxBytes;
        }
    }

    /// <param name="isOfProcess">Whether the process wrote it.</param>
    public void Write(string line, bool isOfProcess = true)
    {
        if (isOfProcess && line.Length > 0)
        {
            Volatile.Write(ref _lastWords, line.Length <= MaxLastWords ? line : line[..MaxLastWords]);
        }

        lock (_gate)
        {
            try
            {
                if (_log is null || _log.BaseStream.Position >= _end) return;

                _log.WriteLine(line);
                if (_log.BaseStream.Position >= _end)
                {
                    _log.WriteLine($"[seqsweep] this attempt has logged {maxBytes >> 20} MiB; what follows is thrown away");
                }
            }
            catch (IOException)
            {
                // A full disk costs the log, not the trial: it would wait for ever for someone to read on.
            }
        }
    }
}
