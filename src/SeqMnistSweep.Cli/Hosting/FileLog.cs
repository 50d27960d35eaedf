using Microsoft.Extensions.Logging;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Log lines of the silo in a file, so that they do not run through the live view. Opened at the first line.</summary>
internal sealed class FileLog(string path, TimeProvider time) : ILoggerProvider
{
    private readonly object _gate = new();
    private StreamWriter? _writer;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose() => _writer?.Dispose();

    private void Write(string line)
    {
        lock (_gate)
        {
            try
            {
                if (_writer is null)
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write,
                        FileShare.ReadWrite)) { AutoFlush = true };
                }

                _writer.WriteLine(line);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A log that cannot be written must not stop the sweep.
            }
        }
    }

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var when = log.Now.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            log.Write(
                $"{when} {logLevel} {name}: {formatter(state, exception)}{(exception is null ? "" : Environment.NewLine + exception)}");
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
