using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Slots;

/// <summary>Room for one running trial, with the runner and the thread that are kept warm for the next one.</summary>
internal sealed class Slot(WorkerOptions options)
{
    private volatile ProcessRunner? _runner;
    private SlotThread? _thread;

    private readonly Lock _gate = new();
    private bool _isBusy;

    /// <summary>Whether an attempt uses its runner. Once it is set, nobody else throws that away.</summary>
    public bool IsBusy
    {
        get => _isBusy;
        set
        {
            lock (_gate)
            {
                _isBusy = value;
            }
        }
    }

    /// <summary>UUIDs of the GPUs that its trials may have; none on a CPU.</summary>
    public IReadOnlyCollection<string> GpuIds => options.GpuIds;

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

    /// <summary>Throws the runner away where no attempt uses it.</summary>
    public async Task RecycleIdleAsync()
    {
        ProcessRunner? idle;
        lock (_gate)
        {
            idle = _isBusy ? null : _runner;
            _runner = _isBusy ? _runner : null;
        }

        if (idle is not null)
        {
            idle.Kill();
            await idle.DisposeAsync();
        }
    }

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
