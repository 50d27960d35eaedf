using System.Diagnostics;
using System.Threading.Channels;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>A runner as its worker sees it: a child process that takes commands and sends messages. Its standard error is the log of the trial it runs.</summary>
internal sealed class RunnerProcess : IAsyncDisposable
{
    /// <summary>Far above any message; what is longer is none.</summary>
    private const int LongestMessage = 1 << 20;

    private const int LongestLogLine = 16 << 10;

    private const int LongestLastWords = 1000;

    /// <summary>How long a runner that has ended may keep its pipes open: a child of its own may hold them for ever.</summary>
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Channel<RunnerCommand> _commands = Channel.CreateUnbounded<RunnerCommand>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<RunnerMessage> _messages = Channel.CreateUnbounded<RunnerMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly object _logGate = new();
    private readonly Task<RunnerExit> _exit;
    private StreamWriter? _log;
    private string _lastWords = "";

    private RunnerProcess(Process process, int threads)
    {
        _process = process;
        Threads = threads;
        Id = process.Id;
        _exit = WatchAsync(PumpCommands(), Task.WhenAll(PumpMessages(), PumpLog()));
    }

    public int Threads { get; }

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The last line of its log, for the message of a crash.</summary>
    public string LastWords => Volatile.Read(ref _lastWords);

    /// <summary>In order; completes when the runner has ended.</summary>
    public ChannelReader<RunnerMessage> Messages => _messages.Reader;

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

    /// <summary>Further log lines go to this file; null throws them away.</summary>
    public void LogTo(string? file)
    {
        StreamWriter? next = null;
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            next = new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        }

        lock (_logGate)
        {
            _log?.Dispose();
            _log = next;
        }
    }

    /// <summary>Commands arrive in the order of the calls. A runner that has gone does not hear them, which its end will tell.</summary>
    public void Send(RunnerCommand command) => _commands.Writer.TryWrite(command);

    /// <summary>Waits for its end.</summary>
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
            if (RunnerLine.TryRead<RunnerMessage>(line, out var message))
            {
                _messages.Writer.TryWrite(message!);
            }
            else
            {
                Log(line.Length <= LongestLogLine ? line : line[..LongestLogLine]);
            }
        }

        _messages.Writer.TryComplete();
    }

    private async Task PumpLog()
    {
        var lines = new LineReader(_process.StandardError, LongestLogLine);
        while (await lines.ReadAsync() is { } line)
        {
            Log(line);
        }
    }

    private void Log(string line)
    {
        if (line.Length > 0)
        {
            Volatile.Write(ref _lastWords, line.Length <= LongestLastWords ? line : line[..LongestLastWords]);
        }

        lock (_logGate)
        {
            try
            {
                _log?.WriteLine(line);
            }
            catch (IOException)
            {
                // A full disk costs the log, not the trial: the runner would wait for ever for someone to read on.
            }
        }
    }
}
