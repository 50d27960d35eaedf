using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>Room for one running trial, with the runner that is kept warm for the next one.</summary>
internal sealed class Slot(WorkerOptions options) : IAsyncDisposable
{
    private RunnerProcess? _runner;

    /// <summary>The attempt in this slot; null when it is free.</summary>
    public Attempt? Attempt { get; set; }

    /// <summary>The warm runner, or a new one when there is none, it has died, or it has another number of threads.</summary>
    public async Task<RunnerProcess> RunnerAsync(int threads)
    {
        if (_runner is { } warm && (warm.Threads != threads || warm.HasExited))
        {
            await RecycleAsync();
        }

        return _runner ??= RunnerProcess.Start(options, threads);
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
        if (_runner is { } runner)
        {
            _runner = null;
            await runner.DisposeAsync();
        }
    }
}
