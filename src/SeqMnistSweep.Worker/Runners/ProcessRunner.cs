using System.Diagnostics;
using System.Threading.Channels;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>What a slot trains in: a child process that may end at any moment. Lines on its standard output that are events go to the
/// trial, every other line and its standard error to the log. It can neither fill this process's memory nor, by a pipe that it left open,
/// keep the slot.</summary>
internal abstract class ProcessRunner : IAsyncDisposable
{
    /// <summary>Far above any event; a longer line is none.</summary>
    private const int MaxLine = 1 << 20;

    private const int MaxLogLine = 16 << 10;

    /// <summary>Events that nobody has read yet; a runner that says more waits in its pipe, and not in our memory.</summary>
    private const int MaxUnread = 1024;

    /// <summary>How long a runner that has ended may keep its pipes open: a child of its own may hold them for ever.</summary>
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(5);

    /// <summary>How long its description may take beyond its end; each question of it has a limit of its own.</summary>
    private static readonly TimeSpan Description = TimeSpan.FromSeconds(15);

    private readonly Channel<AttemptEvent> _events = Channel.CreateBounded<AttemptEvent>(
        new BoundedChannelOptions(MaxUnread) { SingleReader = true });
    private readonly TrialLogWriter _log = new();
    private Task<RunnerExit> _exit = Task.FromResult(new RunnerExit(0));

    /// <summary>Of its process; 0 before it has one.</summary>
    public int Id { get; private set; }

    /// <summary>For messages: "the runner (pid 17)".</summary>
    public abstract string Name { get; }

    /// <summary>Whether it can take another trial after a good end.</summary>
    public abstract bool StaysWarm { get; }

    /// <summary>The last line of its log, for the message of a crash.</summary>
    public string LastWords => _log.LastWords;

    /// <summary>In order; completes when the process has ended.</summary>
    public ChannelReader<AttemptEvent> Messages => _events.Reader;

    /// <summary>Null before it is started.</summary>
    protected Process? Process { get; private set; }

    /// <summary>Whether this trial can run in it now.</summary>
    public abstract bool CanRun(TrialGrant grant);

    /// <summary>Further log lines go to this file.</summary>
    public void LogTo(string file) => _log.Open(file);

    /// <summary>Commands arrive in the order of the calls. A process that has gone does not hear them, which its end will tell.</summary>
    public abstract void Send(RunnerCommand command);

    /// <summary>A line for the log that the process did not write: none of its last words.</summary>
    protected void Note(string line) => _log.Write(line, isOfProcess: false);

    /// <summary>Waits for its end.</summary>
    public Task<RunnerExit> ExitAsync() => _exit;

    public abstract void Kill();

    public async ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        await CloseAsync();
        await _exit;
        _log.Open(null);
        Process?.Dispose();
    }

    /// <param name="what">For the message of a failure.</param>
    /// <param name="first">An event before all that the process says; null for none.</param>
    /// <exception cref="RunnerStartException">The process could not be started.</exception>
    protected void Launch(ProcessStartInfo info, string what, AttemptEvent? first = null)
    {
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        info.UseShellExecute = false;
        Process process;
        try
        {
            process = Process.Start(info)!;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            throw new RunnerStartException($"cannot start {what}: {error.Message}", error);
        }

        // The number first: a signal to process 0 would reach our own group.
        Id = process.Id;
        Process = process;
        KernelMemory.OfferToKill(Id);
        if (first is not null)
        {
            _events.Writer.TryWrite(first);
        }

        _exit = WatchAsync(process);
    }

    /// <summary>The event on a line; null for any other.</summary>
    /// <param name="next">The lines after it.</param>
    /// <param name="complain">Writes to the log.</param>
    protected abstract ValueTask<AttemptEvent?> EventOfAsync(string line, LineReader next, Action<string> complain);

    /// <summary>Whether the line that was last asked about, and is no event, is one of the log.</summary>
    protected virtual bool IsOfLog => true;

    /// <summary>A line goes to the log.</summary>
    protected virtual void Logged(string line, bool isError)
    {
    }

    /// <summary>The event on a line of its standard error, which is a line of the log all the same; null for none.</summary>
    protected virtual ValueTask<AttemptEvent?> EventOfLogAsync(string line) => default;

    /// <summary>What is known of the process beside what it says; null for nothing.</summary>
    protected virtual Task<AttemptEvent?> DescribeAsync() => Task.FromResult<AttemptEvent?>(null);

    /// <summary>The process has ended; its lines may still come.</summary>
    protected abstract void Ended();

    /// <summary>What the end of the process means by itself; null leaves it to the exit code.</summary>
    protected abstract AttemptEvent? LastEvent(RunnerExit exit);

    /// <summary>Makes the process end.</summary>
    protected abstract Task CloseAsync();

    private async Task<RunnerExit> WatchAsync(Process process)
    {
        var described = TellAsync(DescribeAsync());
        var lines = Task.WhenAll(PumpEvents(process), PumpLog(process));
        await process.WaitForExitAsync();
        var exit = new RunnerExit(process.ExitCode);
        Ended();
        await lines.WaitAsync(LastLines).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await described.WaitAsync(Description).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (LastEvent(exit) is { } last)
        {
            await SayAsync(last);
        }

        _events.Writer.TryComplete();
        return exit;
    }

    private async Task TellAsync(Task<AttemptEvent?> description)
    {
        if (await description is { } told)
        {
            await SayAsync(told);
        }
    }

    private async Task PumpEvents(Process process)
    {
        var lines = new LineReader(process.StandardOutput, MaxLine);
        while (await lines.ReadAsync() is { } line)
        {
            if (line == RunnerLine.Ready) continue;

            if (await EventOfAsync(line, lines, text => _log.Write(text)) is { } happened)
            {
                await SayAsync(happened);
            }
            else if (IsOfLog)
            {
                Log(line.Length <= MaxLogLine ? line : line[..MaxLogLine], isError: false);
            }
        }
    }

    private async Task PumpLog(Process process)
    {
        var lines = new LineReader(process.StandardError, MaxLogLine);
        while (await lines.ReadAsync() is { } line)
        {
            if (await EventOfLogAsync(line) is { } happened)
            {
                _log.Write(line);
                await SayAsync(happened);
            }
            else
            {
                Log(line, isError: true);
            }
        }
    }

    private void Log(string line, bool isError)
    {
        _log.Write(line);
        Logged(line, isError);
    }

    /// <summary>Waits until somebody reads; an event that nobody will read is dropped.</summary>
    private async Task SayAsync(AttemptEvent happened)
    {
        while (!_events.Writer.TryWrite(happened) && await _events.Writer.WaitToWriteAsync())
        {
        }
    }
}

/// <summary>No runner process could be started: the worker, not the trial, is at fault.</summary>
internal sealed class RunnerStartException(string message, Exception inner) : Exception(message, inner);
