using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Provisions;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>An attempt in a child process: brings what it needs, drives the runner and turns what it says into events.</summary>
internal sealed class RunnerAttempt(TrialGrant grant, WorkerOptions options, AttemptNeeds needs, Action<AttemptEvent> tell) : Attempt(grant, options, tell), IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly CancellationTokenSource _dropped = new();
    private volatile IRunner? _runner;
    private volatile bool _draining;
    private string? _dropReason;

    /// <summary>Runs to the end; never throws.</summary>
    public async Task RunAsync(Slot slot, TimeProvider time)
    {
        try
        {
            var data = await needs.BringAsync(Grant, _asked.Token);
            var runner = await slot.RunnerAsync(Grant);
            var folder = Path.Combine(Options.CheckpointFolder, Grant.Trial.Sweep.Value, $"{Grant.Trial.Number}");
            Directory.CreateDirectory(folder);
            runner.LogTo(TrialLog.PathOf(Options, Grant.Trial));
            TrialAssignment assignment = Grant with
            {
                CheckpointFolder = folder,
                DataFolder = data,
                Device = Options.GpuId is null ? Options.Device : "cuda:0",
            };
            runner.Send(new RunnerCommand.Start(assignment));
            _runner = runner;
            if (_draining)
            {
                runner.Send(new RunnerCommand.Drain());
            }

            if (Volatile.Read(ref _dropReason) is not null)
            {
                runner.Send(new RunnerCommand.Stop());
            }

            using var limit = Grant.TrialTime is { } allowed && allowed <= Timers.Longest ? new CancellationTokenSource(allowed, time) : new CancellationTokenSource();
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _dropped.Token);
            await Converse(slot, runner, time, limit, ended.Token);
        }
        catch (OperationCanceledException) when (_asked.IsCancellationRequested)
        {
            Tell(_dropReason is null ? new AttemptEvent.Released("never started: its slot is wanted") : new AttemptEvent.Stopped());
        }
        catch (CheckpointLostException lost)
        {
            Tell(new AttemptEvent.CheckpointLost(lost.Checkpoint, lost.Message));
        }
        catch (NeedMissingException missing)
        {
            Tell(new AttemptEvent.Failed(missing.Cause, missing.Message));
        }
        // An attempt that vanished without a word would be waited for as long as its worker lives.
        catch (Exception error)
        {
            Tell(new AttemptEvent.Failed(
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
    public override void Drain()
    {
        if (_draining)
        {
            return;
        }

        _draining = true;
        CancelSafely(_asked, TimeSpan.Zero);
        _runner?.Send(new RunnerCommand.Drain());
    }

    public override void Decide(int epoch, Verdict verdict) => _runner?.Send(new RunnerCommand.Decide(epoch, verdict));

    /// <summary>The runner stops at its next batch, or is killed.</summary>
    public override void Drop(string reason)
    {
        if (Interlocked.CompareExchange(ref _dropReason, reason, null) is not null)
        {
            return;
        }

        CancelSafely(_asked, TimeSpan.Zero);
        _runner?.Send(new RunnerCommand.Stop());
        CancelSafely(_dropped, Options.StopGrace);
    }

    public void Dispose()
    {
        _asked.Dispose();
        _dropped.Dispose();
    }

    private async Task Converse(Slot slot, IRunner runner, TimeProvider time, CancellationTokenSource limit, CancellationToken ended)
    {
        var oomKills = KernelMemory.OomKills();
        using var memory = new MemoryWatch(runner, Options.SlotMemoryLimit, time);
        try
        {
            await foreach (var message in runner.Messages.ReadAllAsync(ended))
            {
                if (Hear(message))
                {
                    if (message is not (AttemptEvent.Completed or AttemptEvent.Stopped or AttemptEvent.Released) || !runner.StaysWarm)
                    {
                        await slot.RecycleAsync();
                    }

                    return;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await EndOverdue(runner, time);
            await slot.RecycleAsync();
            Tell(TimedOut());
            return;
        }
        catch (OperationCanceledException)
        {
            await slot.RecycleAsync();
            Tell(new AttemptEvent.Killed($"did not stop in {Options.StopGrace.TotalSeconds:0.#} s: {_dropReason}"));
            return;
        }

        var exit = await runner.ExitAsync();
        await slot.RecycleAsync();
        if (memory.Exceeded is { } used)
        {
            Tell(new AttemptEvent.Failed(
                FailureCause.OutOfMemory, $"{runner.Name} took {used >> 20} MiB of the {Options.SlotMemoryLimit >> 20} MiB that a slot may have; give the worker fewer --slots, or more --slot-memory"));
            return;
        }

        Tell((exit.IsKilled, KernelMemory.OomKills() > oomKills) switch
        {
            (true, true) => new AttemptEvent.Failed(FailureCause.OutOfMemory, $"the kernel ran out of memory and killed {runner.Name}"),
            (true, false) => new AttemptEvent.Killed($"{runner.Name} was {exit}"),
            _ => new AttemptEvent.Failed(FailureCause.Crashed, $"{runner.Name} {exit}{(runner.LastWords.Length > 0 ? ": " + runner.LastWords : "")}"),
        });
    }

    /// <summary>A trial past its time may still put its things in order, for as long as any that is told to stop; what it says then no longer counts.</summary>
    private async Task EndOverdue(IRunner runner, TimeProvider time)
    {
        runner.Send(new RunnerCommand.Stop());
        using var grace = new CancellationTokenSource(Options.StopGrace, time);
        try
        {
            await foreach (var message in runner.Messages.ReadAllAsync(grace.Token))
            {
                if (message.EndsAttempt)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static void CancelSafely(CancellationTokenSource source, TimeSpan after)
    {
        try
        {
            source.CancelAfter(after);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
