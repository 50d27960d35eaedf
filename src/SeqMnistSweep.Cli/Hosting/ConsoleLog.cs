using Microsoft.Extensions.Logging;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>What a person in front of a head or worker wants to read: our own lines, one each; of the libraries' only what is
/// fatal.</summary>
internal sealed class ConsoleLog(TextWriter output, TimeProvider time) : ILoggerProvider
{
    private readonly object _gate = new();

    public ILogger CreateLogger(string categoryName) =>
        new Category(this, categoryName.StartsWith("SeqMnistSweep", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Critical);

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string message)
    {
        var word = level switch
        {
            LogLevel.Warning => "warning: ",
            LogLevel.Error or LogLevel.Critical => "error: ",
            _ => "",
        };
        lock (_gate)
        {
            output.WriteLine($"{time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {word}{message}");
        }
    }

    private sealed class Category(ConsoleLog log, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(
                    logLevel,
                    $"{formatter(state, exception)}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})")}");
            }
        }
    }
}
