using Microsoft.Extensions.Logging;
using SeqMnistSweep.Files;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Log lines of the silo in a file, so that they do not run through the live view. Opened at the first line. A full file becomes
/// <c>NAME.1</c>, that one <c>NAME.2</c>, and the oldest goes.</summary>
internal sealed class FileLog(string path, TimeProvider time, long maxBytes = FileLog.MaxBytes) : LineLog
{
    /// <summary>Files kept, that in use included.</summary>
    public const int MaxFiles = 10;

    /// <summary>Bytes of a file.</summary>
    public const long MaxBytes = 10_000_000;

    /// <summary>An error's text that is longer is cut: others have a say in it.</summary>
    private const int MaxError = 10_000;

    private StreamWriter? _writer;

    /// <summary>Of what runs beside a database.</summary>
    public static FileLog OfRun(string folder, TimeProvider time) => new(System.IO.Path.Combine(folder, "logs", "run.log"), time);

    public override void Dispose() => _writer?.Dispose();

    protected override LogLevel LeastOf(string category) => LogLevel.Trace;

    protected override void Write(string category, LogLevel level, string message, Exception? error)
    {
        try
        {
            _writer ??= Open();
            if (_writer.BaseStream.Length >= maxBytes)
            {
                _writer.Dispose();
                _writer = null;
                MoveOn();
                _writer = Open();
            }

            var when = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            _writer.WriteLine($"{when} {level} {category}: {message}{(error is null ? "" : Indented(error.ToString()))}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // A log that cannot be written must not stop the sweep.
        }
    }

    private StreamWriter Open()
    {
        PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
        return new StreamWriter(PrivateFile.Open(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    private void MoveOn()
    {
        for (var number = MaxFiles - 1; number > 0; number--)
        {
            var before = number == 1 ? path : $"{path}.{number - 1}";
            if (File.Exists(before))
            {
                File.Move(before, $"{path}.{number}", overwrite: true);
            }
        }
    }

    /// <summary>So that no line of it begins as one of the log does.</summary>
    private static string Indented(string error) => string.Concat(
        (error.Length > MaxError ? error[..MaxError] + " ..." : error).ReplaceLineEndings("\n").Split('\n')
            .Select(line => $"{Environment.NewLine}    {OutsideText.OnOneLine(line)}"));
}
