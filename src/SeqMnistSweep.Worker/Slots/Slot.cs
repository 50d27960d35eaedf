using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Slots;

/// <summary>Room for one running trial, with the runner and the thread that are kept warm for the next one.</summary>
internal sealed class Slot(WorkerOptions options)
{
    private volatile ProcessRunner? _runner;
    private SlotThread? _thread;

    /// <summary>Whether an attempt uses its runner.</summary>
    public bool IsBusy { get; set; }

    /// <summary>The id of its runner's process; 0 without one.</summary>
    public int Process => _runner?.Id ?? 0;

    /// <summary>Where test functions of this slot run.</summary>
    public SlotThread Thread => _thread ??= new SlotThread();

    /// <summary>The warm runner where this trial can run in it, else a new one.</summary>
    /// <exception cref="RunnerStartException">The runner could not be started.</exception>
    public async Task<ProcessRunner> RunnerAsync(TrialGrant grant)
    {
        if (_runner is { } warm && !warm.CanRun(grant))
        {
            await RecycleAsync();
        }

        return _runner ??= TrainableCatalog.Find(grant.Program) is null
            ? new ExternalProgram(options)
            : new RunnerProcess(options, grant.Threads);
    }

    /// <summary>Throws the runner away: after a failure nobody knows what state it is in.</summary>
    public Task RecycleAsync() => EndRunnerAsync(byForce: true);

    /// <summary>Ends runner and thread; the runner by force where an attempt is still in it.</summary>
    public Task EndAsync()
    {
        _thread?.Dispose();
        return EndRunnerAsync(byForce: IsBusy);
    }

    private async Task EndRunnerAsync(bool byForce)
    {
        if (_runner is not { } runner) return;

        _runner = null;
        if (byForce)
        {
            runner.Kill();
        }

        await runner.DisposeAsync();
    }
}
