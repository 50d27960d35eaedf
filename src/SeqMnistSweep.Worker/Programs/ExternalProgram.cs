using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>
/// A user's program as a runner: one process for one attempt, leader of its own process group. Lines on its standard output that are JSON
/// objects are its words, everything else is the log. It is told to end by SIGTERM and made to by SIGKILL, the whole group each time.
/// </summary>
internal sealed class ExternalProgram(WorkerOptions options, TimeProvider? clock = null) : IRunner
{
    private const int LongestLine = 1 << 20;
    private const int LongestLogLine = 16 << 10;

    /// <summary>Words that nobody has heard yet; a program that says more waits in its pipe, and not in our memory.</summary>
    private const int MostWaiting = 1024;

    private const int SigTerm = 15;
    private const int SigKill = 9;

    /// <summary>How long a program that has ended may keep its pipes open: a child of its own may hold them for ever.</summary>
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = clock ?? TimeProvider.System;
    private readonly Channel<AttemptEvent> _messages = Channel.CreateBounded<AttemptEvent>(MostWaiting);
    private readonly TrialLogWriter _log = new();
    private readonly object _gate = new();
    private Process? _process;
    private int _id;
    private Task<RunnerExit> _exit = Task.FromResult(new RunnerExit(0));
    private ITimer? _killer;
    private bool _ended;
    private bool _killed;
    private bool _mustStop;
    private bool _draining;

    public int Id => _id;

    public string Name => $"the program (pid {_id})";

    public bool StaysWarm => false;

    public string LastWords => _log.LastWords;

    public ChannelReader<AttemptEvent> Messages => _messages.Reader;

    public bool CanRun(TrialGrant grant) => false;

    public void LogTo(string? file) => _log.Open(file);

    public void Send(RunnerCommand command)
    {
        switch (command)
        {
            case RunnerCommand.Start(var assignment):
                Start(assignment);
                break;
            case RunnerCommand.Drain or RunnerCommand.Decide { Verdict: Verdict.Pause }:
                Terminate(stop: false, options.DrainTime);
                break;
            case RunnerCommand.Stop or RunnerCommand.Decide { Verdict: Verdict.Stop }:
                Terminate(stop: true, options.StopGrace);
                break;
        }
    }

    public Task<RunnerExit> ExitAsync() => _exit;

    public void Kill() => Signal(SigKill);

    public async ValueTask DisposeAsync()
    {
        Kill();
        _messages.Writer.TryComplete();
        await _exit;
        _killer?.Dispose();
        _log.Open(null);
        _process?.Dispose();
    }

    private void Start(TrialAssignment assignment)
    {
        var info = ProgramStart.InfoOf(assignment, options);
        try
        {
            _process = Process.Start(info)!;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            throw new RunnerStartException($"cannot start '{assignment.Program}' in {info.WorkingDirectory}: {error.Message}", error);
        }

        _id = _process.Id;
        KernelMemory.OfferToKill(_id);
        _messages.Writer.TryWrite(new AttemptEvent.Started(""));
        _exit = WatchAsync(_process, Task.WhenAll(PumpWords(_process, new ProgramWords(assignment)), PumpLog(_process)));
    }

    private async Task<RunnerExit> WatchAsync(Process process, Task lines)
    {
        await process.WaitForExitAsync();
        var exit = new RunnerExit(process.ExitCode);
        lock (_gate)
        {
            // What the program left behind in its group goes too. From now on the group's number may be another's.
            SignalGroup(_id, SigKill);
            _ended = true;
        }

        await lines.WaitAsync(LastLines).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (LastWord(exit) is { } last)
        {
            await SayAsync(last);
        }

        _messages.Writer.TryComplete();
        return exit;
    }

    /// <summary>How its end is to be understood; null leaves it to the exit code.</summary>
    private AttemptEvent? LastWord(RunnerExit exit)
    {
        lock (_gate)
        {
            // Told to stop, it may end in any way. Drained, it goes on from its last checkpoint: also one that left with code 0,
            // for whether it was done then nobody knows, and a trial that was done ends at once when it is started again.
            return _mustStop ? _killed ? null : new AttemptEvent.Stopped()
                : _draining ? new AttemptEvent.Released("drained")
                : exit.Code == 0 ? new AttemptEvent.Completed(null, null)
                : null;
        }
    }

    private async Task PumpWords(Process process, ProgramWords words)
    {
        var lines = new LineReader(process.StandardOutput, LongestLine);
        while (await lines.ReadAsync() is { } line)
        {
            var message = await words.MessageOfAsync(line, _log.Write);
            if (message is not null)
            {
                await SayAsync(message);
            }
            else
            {
                _log.Write(line.Length <= LongestLogLine ? line : line[..LongestLogLine]);
            }
        }
    }

    /// <summary>Waits until somebody hears; a word that nobody will is none.</summary>
    private async Task SayAsync(AttemptEvent message)
    {
        while (!_messages.Writer.TryWrite(message) && await _messages.Writer.WaitToWriteAsync())
        {
        }
    }

    private async Task PumpLog(Process process)
    {
        var lines = new LineReader(process.StandardError, LongestLogLine);
        while (await lines.ReadAsync() is { } line)
        {
            _log.Write(line);
        }
    }

    private void Terminate(bool stop, TimeSpan grace)
    {
        lock (_gate)
        {
            var first = !_mustStop && !_draining;
            var sooner = stop && !_mustStop;
            _mustStop |= stop;
            _draining |= !stop;
            if (first)
            {
                Signal(SigTerm);
            }

            if (first || sooner)
            {
                _killer?.Dispose();
                _killer = _time.CreateTimer(_ => Kill(), null, grace, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Signal(int signal)
    {
        lock (_gate)
        {
            if (_process is not null && !_ended)
            {
                _killed |= signal == SigKill;
                if (!SignalGroup(_id, signal))
                {
                    // It is only just being started, and has no group yet.
                    _ = NativeKill(_id, signal);
                }
            }
        }
    }

    /// <returns>False when there is no such group.</returns>
    private static bool SignalGroup(int group, int signal) => NativeKill(-group, signal) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int process, int signal);
}
