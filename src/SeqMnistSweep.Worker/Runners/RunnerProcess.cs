using System.Diagnostics;
using System.Threading.Channels;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>A runner as its worker sees it: a child process that takes commands and sends messages. Its standard error is the log of the trial it runs.</summary>
internal sealed class RunnerProcess : IRunner
{
    /// <summary>Far above any message; what is longer is none.</summary>
    private const int LongestMessage = 1 << 20;

    private const int LongestLogLine = 16 << 10;

    /// <summary>Messages that nobody has heard yet; a runner that says more waits in its pipe, and not in our memory.</summary>
    private const int MostWaiting = 1024;

    /// <summary>How long a runner that has ended may keep its pipes open: a child of its own may hold them for ever.</summary>
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly int _threads;
    private readonly Channel<RunnerCommand> _commands = Channel.CreateUnbounded<RunnerCommand>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<AttemptEvent> _messages = Channel.CreateBounded<AttemptEvent>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly TrialLogWriter _log = new();
    private readonly Task<RunnerExit> _exit;

    private RunnerProcess(Process process, int threads)
    {
        _process = process;
        _threads = threads;
        Id = process.Id;
        KernelMemory.OfferToKill(Id);
        _exit = WatchAsync(PumpCommands(), Task.WhenAll(PumpMessages(), PumpLog()));
    }

    public int Id { get; }

    public string Name => $"the runner (pid {Id})";

    public bool StaysWarm => true;

    public string LastWords => _log.LastWords;

    public ChannelReader<AttemptEvent> Messages => _messages.Reader;

    /// <exception cref="RunnerStartException">The runner could not be started.</exception>
    public static RunnerProcess Start(WorkerOptions options, int threads)
    {
        var info = new ProcessStartInfo
        {
            FileName = options.RunnerCommand[0],
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in options.RunnerCommand.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        RunnerEnvironment.Apply(info.Environment, options, threads);
        try
        {
            return new RunnerProcess(Process.Start(info)!, threads);
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            throw new RunnerStartException($"cannot start the runner '{info.FileName}': {error.Message}", error);
        }
    }

    /// <remarks>The number of OpenMP threads is fixed when a process starts.</remarks>
    public bool CanRun(TrialGrant grant) => TrainableCatalog.Find(grant.Program) is not null && grant.Threads == _threads && !_process.HasExited;

    public void LogTo(string? file) => _log.Open(file);

    public void Send(RunnerCommand command) => _commands.Writer.TryWrite(command);

    public Task<RunnerExit> ExitAsync() => _exit;

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
        }
    }

    /// <summary>Ends the runner: an idle one by closing its input, any other by force.</summary>
    public async ValueTask DisposeAsync()
    {
        _commands.Writer.TryComplete();
        _messages.Writer.TryComplete();
        await ((Task)_exit).WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_exit.IsCompleted)
        {
            Kill();
        }

        await _exit;
        LogTo(null);
        _process.Dispose();
    }

    private async Task<RunnerExit> WatchAsync(Task commands, Task lines)
    {
        await _process.WaitForExitAsync();
        var exit = new RunnerExit(_process.ExitCode);
        await lines.WaitAsync(LastLines).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _messages.Writer.TryComplete();
        _commands.Writer.TryComplete();
        await commands;
        return exit;
    }

    /// <summary>One writer: two at once would get in each other's way, and one of the commands lost.</summary>
    private async Task PumpCommands()
    {
        try
        {
            await foreach (var command in _commands.Reader.ReadAllAsync())
            {
                await _process.StandardInput.WriteAsync(RunnerLine.Write(command) + "\n");
                await _process.StandardInput.FlushAsync();
            }

            _process.StandardInput.Close();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task PumpMessages()
    {
        var lines = new LineReader(_process.StandardOutput, LongestMessage);
        while (await lines.ReadAsync() is { } line)
        {
            if (line == RunnerLine.Ready)
            {
                continue;
            }

            if (RunnerLine.TryRead<AttemptEvent>(line, out var message))
            {
                while (!_messages.Writer.TryWrite(message!) && await _messages.Writer.WaitToWriteAsync())
                {
                }
            }
            else
            {
                _log.Write(line.Length <= LongestLogLine ? line : line[..LongestLogLine]);
            }
        }

        _messages.Writer.TryComplete();
    }

    private async Task PumpLog()
    {
        var lines = new LineReader(_process.StandardError, LongestLogLine);
        while (await lines.ReadAsync() is { } line)
        {
            _log.Write(line);
        }
    }
}
