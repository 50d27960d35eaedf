using System.Diagnostics;
using System.Threading.Channels;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>A runner as its worker sees it: a child process that takes commands and sends messages. Its standard error is the log of the trial it runs.</summary>
internal sealed class RunnerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<RunnerMessage> _messages = Channel.CreateUnbounded<RunnerMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly object _logGate = new();
    private readonly Task _pumps;
    private StreamWriter? _log;
    private string _lastWords = "";

    private RunnerProcess(Process process, int threads)
    {
        _process = process;
        Threads = threads;
        Id = process.Id;
        _pumps = Task.WhenAll(PumpMessages(), PumpLog());
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

    /// <summary>Sends a command; a runner that has gone does not hear it, which its end will tell.</summary>
    public async Task SendAsync(RunnerCommand command)
    {
        try
        {
            await _process.StandardInput.WriteAsync(RunnerLine.Write(command) + "\n");
            await _process.StandardInput.FlushAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    /// <summary>Waits for its end.</summary>
    public async Task<RunnerExit> ExitAsync()
    {
        await _process.WaitForExitAsync();
        await _pumps;
        return new RunnerExit(_process.ExitCode);
    }

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
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
        }

        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
        {
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Kill();
            }
        }

        await ExitAsync();
        LogTo(null);
        _process.Dispose();
    }

    private async Task PumpMessages()
    {
        while (await ReadLine(_process.StandardOutput) is { } line)
        {
            if (RunnerLine.TryRead<RunnerMessage>(line, out var message))
            {
                _messages.Writer.TryWrite(message!);
            }
            else
            {
                Log(line);
            }
        }

        _messages.Writer.Complete();
    }

    private async Task PumpLog()
    {
        while (await ReadLine(_process.StandardError) is { } line)
        {
            Log(line);
        }
    }

    private static async Task<string?> ReadLine(StreamReader reader)
    {
        try
        {
            return await reader.ReadLineAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Log(string line)
    {
        if (line.Length > 0)
        {
            Volatile.Write(ref _lastWords, line);
        }

        lock (_logGate)
        {
            _log?.WriteLine(line);
        }
    }
}
