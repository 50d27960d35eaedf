using Microsoft.Extensions.Logging;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Log messages as lines. Safe for use by several threads.</summary>
internal abstract class LineLog : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName, LeastOf(categoryName));

    public abstract void Dispose();

    /// <summary>The least that is written of a category.</summary>
    protected abstract LogLevel LeastOf(string category);

    /// <summary>Called by one thread at a time.</summary>
    protected abstract void Write(string category, LogLevel level, string message, Exception? error);

    private sealed class Category(LineLog log, string name, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;

            lock (log._gate)
            {
                // What others said is in it: a line of theirs must not look like one of ours.
                log.Write(name, logLevel, OutsideText.OnOneLine(formatter(state, exception)), exception);
            }
        }
    }
}

/// <summary>What a person in front of a head or worker wants to read: our own lines; of the libraries' only what is fatal.</summary>
internal sealed class ConsoleLog(TextWriter output, TimeProvider time) : LineLog
{
    public override void Dispose()
    {
    }

    protected override LogLevel LeastOf(string category) =>
        category.StartsWith("SeqMnistSweep", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Critical;

    protected override void Write(string category, LogLevel level, string message, Exception? error)
    {
        var word = level switch { LogLevel.Warning => "warning: ", LogLevel.Error or LogLevel.Critical => "error: ", _ => "" };
        var cause = error is null ? "" : $" ({error.GetType().Name}: {OutsideText.OnOneLine(error.Message)})";
        output.WriteLine($"{time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {word}{message}{cause}");
    }
}
