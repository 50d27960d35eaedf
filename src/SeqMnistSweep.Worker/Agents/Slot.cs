using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>Room for one running trial, with the runner and the thread that are kept warm for the next one.</summary>
internal sealed class Slot(WorkerOptions options) : IAsyncDisposable
{
    private IRunner? _runner;
    private SlotThread? _thread;

    /// <summary>The attempt in this slot; null when it is free.</summary>
    public HeldAttempt? Holder { get; set; }

    /// <summary>Timestamp of the last word of its last attempt; null when nobody waited for this slot since.</summary>
    public long? FreeSince { get; set; }

    /// <summary>The id of its runner's process; 0 without one.</summary>
    public int Process => _runner?.Id ?? 0;

    /// <summary>Where test functions of this slot run.</summary>
    public SlotThread Thread => _thread ??= new SlotThread();

    /// <summary>The warm runner where this trial can run in it, else a new one.</summary>
    /// <exception cref="RunnerStartException">The runner could not be started.</exception>
    public async Task<IRunner> RunnerAsync(TrialGrant grant)
    {
        if (_runner is { } warm && !warm.CanRun(grant))
        {
            await RecycleAsync();
        }

        return _runner ??= TrainableCatalog.Find(grant.Program) is null ? new ExternalProgram(options) : RunnerProcess.Start(options, grant.Threads);
    }

    /// <summary>Throws the runner away: after a failure nobody knows what state it is in.</summary>
    public async Task RecycleAsync()
    {
        if (_runner is { } runner)
        {
            _runner = null;
            runner.Kill();
            await runner.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _thread?.Dispose();
        if (_runner is { } runner)
        {
            _runner = null;
            await runner.DisposeAsync();
        }
    }
}
