using System.Diagnostics;
using System.Runtime.InteropServices;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>A user's program as a runner: one process for one attempt, in a process group of its own under a shell that ends with the last of
/// its descendants (<see cref="ProgramStart"/>). The group is told to end by SIGTERM; that shell kills them all when its input is
/// closed.</summary>
internal sealed class ExternalProgram(WorkerOptions options, TimeProvider? clock = null) : ProcessRunner
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    /// <summary>A checkpoint is that of its line when it is not named again within this time: a program that is faster may have written the
    /// next one before the line was read.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    /// <summary>How long one that is to pause may take to end by itself: the rung may have been its last epoch.</summary>
    private static readonly TimeSpan PauseGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>How long that shell may take to kill what can be killed; then its group is killed over its head.</summary>
    private static readonly TimeSpan KillingTakes = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = clock ?? TimeProvider.System;
    private readonly object _gate = new();

    /// <summary>Of those that speak for it side by side: its two streams, and what is known of it.</summary>
    private readonly SemaphoreSlim _turn = new(1);
    private TrialAssignment? _assignment;
    private ProcessStartInfo? _info;
    private ProgramOutput? _output;
    private ProgramReplies? _replies;
    private ITimer? _killer;
    private ITimer? _pause;
    private bool _ended;
    private bool _killed;
    private bool _isDecided;
    private bool _pauses;
    private bool _hasTime;
    private bool _isTold;
    private bool _mustStop;
    private bool _draining;

    public override string Name => "the program";

    public override bool StaysWarm => false;

    public override bool CanRun(TrialGrant grant) => false;

    public override void Send(RunnerCommand command)
    {
        switch (command)
        {
            case RunnerCommand.Start(var assignment):
                Start(assignment);
                break;
            case RunnerCommand.Drain:
                Terminate(stop: false, options.DrainTime);
                break;
            case RunnerCommand.Decide(var epoch, var verdict):
                Decide(epoch, verdict);
                break;
            case RunnerCommand.Stop when !_isDecided: // else it has its time
                Terminate(stop: true, options.StopGraceOf(_assignment!));
                break;
        }
    }

    public override void Kill()
    {
        lock (_gate)
        {
            if (Process is null || _ended || _killed) return;

            _killed = true;
            try
            {
                Process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It is closed all the same.
            }

            _killer?.Dispose();
            _killer = _time.CreateTimer(_ => Signal(SigKill), null, KillingTakes, Timeout.InfiniteTimeSpan);
        }
    }

    protected override async ValueTask<AttemptEvent?> EventOfAsync(string line, LineReader next, Action<string> complain)
    {
        using var turn = await TurnAsync();
        return await _output!.EventOfAsync(line, meant => next.ComesAsync(meant, Task.Delay(Soon, _time)), complain);
    }

    protected override async ValueTask<AttemptEvent?> EventOfLogAsync(string line)
    {
        if (_assignment!.ProgramSettings.MetricsPattern is null) return null;

        using var turn = await TurnAsync();
        return _output!.EventOfLog(line);
    }

    protected override async Task<AttemptEvent?> DescribeAsync()
    {
        var facts = await Task.Run(() => ProgramStart.FactsAsync(_assignment!, options, _info!));
        using var turn = await TurnAsync();
        return _output!.Know(facts);
    }

    private async Task<IDisposable> TurnAsync()
    {
        await _turn.WaitAsync();
        return new Turn(_turn);
    }

    protected override bool IsOfLog => !_output!.IsHeard;

    protected override void Logged(string line, bool isError) => _output!.NearMisses.See(line, isError);

    /// <summary>What the program left behind in its group goes too. From now on the group's number may be another's.</summary>
    protected override void Ended()
    {
        lock (_gate)
        {
            _ = NativeKill(-Id, SigKill);
            _ended = true;
        }

        if (Process!.ExitCode == 128 + SigKill)
        {
            Strays.KillAll(_assignment!);
        }

        Delete(_assignment!.OutputFolder, withFiles: false);
        if (_assignment.Resume is { IsFolder: true })
        {
            Delete(Path.GetDirectoryName(ProgramStart.ResumeOf(_assignment, _assignment.CheckpointFolder))!, withFiles: true);
        }
    }

    private static void Delete(string folder, bool withFiles)
    {
        try
        {
            Directory.Delete(folder, withFiles);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It stays: as a rule because there are files in it.
        }
    }

    protected override AttemptEvent? LastEvent(RunnerExit exit)
    {
        lock (_gate)
        {
            // Told to stop, it may end in any way. Drained, it goes on from its last checkpoint: also one that left with code 0,
            // for whether it was done then nobody knows, and a trial that was done ends at once when it is started again.
            return _mustStop ? _killed && exit.IsKilled ? null : new AttemptEvent.Stopped()
                : _draining || (_pauses && _output!.IsLeaving) ? new AttemptEvent.Released("drained")
                : exit.Code == 0 ? new AttemptEvent.Completed(null, null) { Epoch = _output!.Epoch, NearMiss = _output.NearMisses.Hint }
                : null;
        }
    }

    protected override async Task CloseAsync()
    {
        Kill();
        await ExitAsync();
        _killer?.Dispose();
        _pause?.Dispose();
    }

    /// <summary>A program that waits for the verdict hears it in its replies, and has its time before it is told by a signal.</summary>
    private void Decide(int epoch, Verdict verdict)
    {
        _replies!.Decided(epoch, verdict);
        if (verdict == Verdict.Continue) return;

        var stop = verdict == Verdict.Stop;
        (_isDecided, _pauses) = (true, !stop);
        if (stop && !_output!.MayAsk)
        {
            Terminate(stop, options.PruneGraceOf(_assignment!));
            return;
        }

        lock (_gate)
        {
            _mustStop |= stop;
            _pause ??= _time.CreateTimer(_ => TellLate(stop), null, PauseGrace, Timeout.InfiniteTimeSpan);
        }
    }

    private void TellLate(bool stop)
    {
        var grace = options.PruneGraceOf(_assignment!);
        lock (_gate)
        {
            if (!_hasTime && (_output!.IsWaiting || _output.IsLeaving))
            {
                _hasTime = true;
                _pause!.Change(grace, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Terminate(stop, grace);
    }

    private void Start(TrialAssignment assignment)
    {
        _assignment = assignment;
        var info = _info = ProgramStart.InfoOf(assignment, options);
        _replies = new ProgramReplies(ProgramStart.RepliesOf(assignment));
        _replies.Open();
        _output = new ProgramOutput(assignment, _replies);
        Launch(info, $"'{assignment.Program}' in {info.WorkingDirectory}", first: new AttemptEvent.Started(""));
    }

    private void Terminate(bool stop, TimeSpan grace)
    {
        lock (_gate)
        {
            var first = !_isTold;
            var sooner = stop && !_mustStop;
            _isTold = true;
            _mustStop |= stop;
            _draining |= !stop;
            if (first)
            {
                Signal(SigTerm);
            }

            if (!_killed && (first || sooner))
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
            if (Process is null || _ended) return;

            if (NativeKill(-Id, signal) != 0)
            {
                // It is only just being started, and has no group yet.
                _ = NativeKill(Id, signal);
            }
        }
    }

    /// <param name="process">A process, or the negative of a group.</param>
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int process, int signal);

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
