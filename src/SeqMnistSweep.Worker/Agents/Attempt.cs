using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>One granted attempt from its start to its last word: drives the runner and turns what it says into events.</summary>
internal sealed class Attempt(TrialGrant grant, Slot slot, WorkerOptions options, Action<AttemptEvent> tell) : IDisposable
{
    /// <summary>Timers reach no further; 49 days.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource _dropped = new();
    private volatile RunnerProcess? _runner;
    private volatile bool _draining;
    private volatile TrialProgress? _progress;
    private string? _dropReason;

    public TrialGrant Grant => grant;

    public TrialProgress? Progress => _progress;

    /// <summary>Runs to the end; never throws.</summary>
    public async Task RunAsync(TimeProvider time)
    {
        try
        {
            var runner = await slot.RunnerAsync(grant.Threads);
            runner.LogTo(Path.Combine(options.LogFolder, grant.Trial.Sweep.Value, $"{grant.Trial.Number}.log"));
            var folder = Path.Combine(options.CheckpointFolder, grant.Trial.Sweep.Value, $"{grant.Trial.Number}");
            Directory.CreateDirectory(folder);
            runner.Send(StartOf(folder));
            _runner = runner;
            if (_draining)
            {
                runner.Send(new RunnerCommand.Drain());
            }

            if (Volatile.Read(ref _dropReason) is not null)
            {
                runner.Send(new RunnerCommand.Stop());
            }

            using var limit = grant.TrialTime is { } allowed && allowed < LongestTimer ? new CancellationTokenSource(allowed, time) : new CancellationTokenSource();
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _dropped.Token);
            await Converse(runner, limit, ended.Token);
        }
        // An attempt that vanished without a word would be waited for as long as its worker lives.
        catch (Exception error)
        {
            tell(new AttemptEvent.Failed(
                FailureCause.Crashed,
                error is RunnerStartException or IOException or UnauthorizedAccessException ? error.Message : $"{error.GetType().Name}: {error.Message}"));
            await slot.RecycleAsync();
        }
        finally
        {
            _runner = null;
        }
    }

    /// <summary>Asks the runner for a checkpoint and the slot.</summary>
    public void Drain()
    {
        _draining = true;
        _runner?.Send(new RunnerCommand.Drain());
    }

    /// <summary>Gives a verdict on to the runner that waits for it.</summary>
    public void Decide(int epoch, Verdict verdict) => _runner?.Send(new RunnerCommand.Decide(epoch, verdict));

    /// <summary>Ends the attempt: the trial is no longer this worker's. The runner stops at its next batch, or is killed.</summary>
    public void Drop(string reason)
    {
        if (Interlocked.CompareExchange(ref _dropReason, reason, null) is not null)
        {
            return;
        }

        _runner?.Send(new RunnerCommand.Stop());
        try
        {
            _dropped.CancelAfter(options.StopGrace);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    public void Dispose() => _dropped.Dispose();

    private async Task Converse(RunnerProcess runner, CancellationTokenSource limit, CancellationToken ended)
    {
        var oomKills = KernelMemory.OomKills();
        try
        {
            await foreach (var message in runner.Messages.ReadAllAsync(ended))
            {
                if (await Hear(message))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            await slot.RecycleAsync();
            tell(limit.IsCancellationRequested
                ? new AttemptEvent.Failed(FailureCause.Timeout, $"trial_time ({grant.TrialTime?.TotalSeconds:0.###} s) passed")
                : new AttemptEvent.Killed($"did not stop in {options.StopGrace.TotalSeconds:0} s: {_dropReason}"));
            return;
        }

        var exit = await runner.ExitAsync();
        await slot.RecycleAsync();
        tell((exit.IsKilled, KernelMemory.OomKills() > oomKills) switch
        {
            (true, true) => new AttemptEvent.Failed(FailureCause.OutOfMemory, $"the kernel ran out of memory and killed the runner (pid {runner.Id})"),
            (true, false) => new AttemptEvent.Killed($"its runner (pid {runner.Id}) was {exit}"),
            _ => new AttemptEvent.Failed(FailureCause.Crashed, $"the runner {exit}{(runner.LastWords.Length > 0 ? ": " + runner.LastWords : "")}"),
        });
    }

    /// <summary>True when this was the attempt's last word.</summary>
    private async Task<bool> Hear(RunnerMessage message)
    {
        switch (message)
        {
            case RunnerMessage.Ready:

            // JSON may lack what the record demands.
            case RunnerMessage.Described { Facts: null } or RunnerMessage.Reported { Metrics: null } or RunnerMessage.Checkpointed { Checkpoint: null }:
                return false;
            case RunnerMessage.Started:
                tell(new AttemptEvent.Started(options.Device));
                return false;
            case RunnerMessage.Described(var facts):
                tell(new AttemptEvent.Described(facts));
                return false;
            case RunnerMessage.Progressed(var progress):
                _progress = progress;
                return false;
            case RunnerMessage.Reported(var epoch, var metrics, var finished):
                tell(new AttemptEvent.Reported(new EpochReport(epoch, metrics), finished));
                return false;
            case RunnerMessage.Checkpointed(var checkpoint):
                tell(new AttemptEvent.Checkpointed(checkpoint));
                return false;
            case RunnerMessage.Done(var loss, var accuracy):
                tell(new AttemptEvent.Completed(loss, accuracy));
                return true;
            case RunnerMessage.Stopped:
                tell(new AttemptEvent.Stopped());
                return true;
            case RunnerMessage.Released:
                tell(new AttemptEvent.Released("drained"));
                return true;
            case RunnerMessage.Failed(var cause, var text):
                tell(new AttemptEvent.Failed(cause, text));
                await slot.RecycleAsync();
                return true;
            default:
                return false;
        }
    }

    private RunnerCommand.Start StartOf(string checkpointFolder) => new()
    {
        Trial = grant.Trial,
        Attempt = grant.Attempt,
        Lease = grant.Lease,
        Program = grant.Program,
        Parameters = grant.Parameters,
        Seed = grant.Seed,
        Metric = grant.Metric,
        Maximize = grant.Maximize,
        Rungs = grant.Rungs,
        Resume = grant.Resume,
        CheckpointFolder = checkpointFolder,
        CheckpointEvery = grant.CheckpointEvery,
        DataFolder = options.DataFolder,
        DatasetDigests = grant.DatasetDigests,
        Threads = grant.Threads,
        Device = options.GpuId is null ? options.Device : "cuda:0",
    };
}
