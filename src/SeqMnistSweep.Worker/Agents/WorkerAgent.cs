using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>
/// Owns a worker's slots, runners and outbox, and exchanges with the head: at once when something happened, once a second otherwise.
/// While the head is away the runners train on and the outbox keeps their words.
/// </summary>
internal sealed partial class WorkerAgent(
    IGrainFactory grains,
    ILocalSiloDetails silo,
    WorkerOptions options,
    TimeProvider time,
    ILogger<WorkerAgent> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly Outbox _outbox = new();
    private readonly object _gate = new();
    private readonly Slot[] _slots = [.. Enumerable.Range(0, options.Slots).Select(_ => new Slot(options))];
    private readonly SemaphoreSlim _poke = new(0, 1);
    private readonly LeaseHolder _holder = new(options.Name, silo.SiloAddress.ToParsableString(), options.Device);
    private volatile bool _draining;
    private volatile bool _headIsAway;
    private volatile bool _drained;

    public bool IsDraining => _draining;

    /// <summary>Puts a granted attempt into a free slot; does nothing for one that is there already or when no slot is free (the head will grant it again).</summary>
    public void Begin(TrialGrant grant)
    {
        Slot? slot;
        Attempt attempt;
        lock (_gate)
        {
            if (_draining || Find(grant.Trial, grant.Lease) is not null || (slot = _slots.FirstOrDefault(slot => slot.Attempt is null)) is null)
            {
                return;
            }

            attempt = new Attempt(grant, slot, options, happened => Tell(grant, happened));
            slot.Attempt = attempt;
        }

        _ = Task.Run(() => RunAsync(slot, attempt));
    }

    public void Drop(TrialId trial, long lease, string reason)
    {
        lock (_gate)
        {
            Find(trial, lease)?.Drop(reason);
        }
    }

    public TrialProgress? ProgressOf(TrialId trial, long lease)
    {
        lock (_gate)
        {
            return Find(trial, lease)?.Progress;
        }
    }

    public ImmutableArray<RunningAttempt> Running()
    {
        lock (_gate)
        {
            return [.. _slots.Select(slot => slot.Attempt).OfType<Attempt>().Select(attempt => new RunningAttempt(attempt.Grant.Trial, attempt.Grant.Lease, attempt.Progress))];
        }
    }

    /// <summary>Exchange now.</summary>
    public void Poke()
    {
        try
        {
            _poke.Release();
        }
        catch (SemaphoreFullException)
        {
            // A poke is already waiting.
        }
    }

    /// <summary>Takes no new trials and asks the running ones for a checkpoint and their slot.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            _draining = true;
            foreach (var slot in _slots)
            {
                slot.Attempt?.Drain();
            }
        }

        Poke();
    }

    /// <summary>Drains, waits until the head has everything, ends the runners. What has not given its slot back in time is killed and goes on from its last checkpoint.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Drain();
        var giveUp = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested
            && time.GetElapsedTime(giveUp) < options.DrainTime
            && !_drained
            && !(_headIsAway && _outbox.IsEmpty && Running().IsEmpty)
            && ExecuteTask is { IsCompleted: false })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
        }

        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_slots.Select(slot => slot.Attempt is null ? slot.DisposeAsync().AsTask() : slot.RecycleAsync()));
    }

    public override void Dispose()
    {
        _poke.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Beat;
            try
            {
                await ExchangeAsync(stoppingToken);
                if (_headIsAway)
                {
                    _headIsAway = false;
                    LogHeadIsBack();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // The head may be away in many ways; Orleans even throws ArgumentException while no silo hosts the grain.
            catch (Exception error)
            {
                wait = RetryAfter;
                if (!_headIsAway)
                {
                    _headIsAway = true;
                    LogHeadIsAway(error.Message);
                }
            }

            await WaitAsync(wait, stoppingToken);
        }
    }

    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        var request = Request();
        var reply = await grains.GetGrain<IDispatchGrain>(0).Exchange(request, cancellation);
        _outbox.Acknowledge(reply.Acknowledged);
        foreach (var verdict in reply.Verdicts)
        {
            lock (_gate)
            {
                Find(verdict.Trial, verdict.Lease)?.Decide(verdict.Epoch, verdict.Verdict);
            }
        }

        foreach (var order in reply.Orders)
        {
            await TrialGrain(order.Trial, order.Lease).Stop("the head has taken the trial back");
        }

        foreach (var grant in reply.Grants)
        {
            await TrialGrain(grant.Trial, grant.Lease).Start(grant);
        }

        // The head has heard that there is nothing here, so it also has back what it granted a moment ago and never started.
        _drained = request.Draining && request.Running.IsEmpty && _outbox.IsEmpty;
        if (request.Events.Length == Outbox.MostAtOnce)
        {
            Poke();
        }
    }

    private ExchangeRequest Request()
    {
        lock (_gate)
        {
            // Slots before events: a slot that comes free in between is offered next time, never one whose last word is still unsent.
            var running = Running();
            var events = _outbox.Pending(out var later);
            return new ExchangeRequest
            {
                Holder = _holder,
                Slots = options.Slots,
                FreeSlots = _draining ? 0 : options.Slots - running.Length,
                Draining = _draining,

                // What ended but has not told so yet is still here for the head; otherwise it would be granted again.
                Running = [.. running, .. later.Where(unsaid => !running.Any(known => (known.Trial, known.Lease) == unsaid)).Select(unsaid => new RunningAttempt(unsaid.Trial, unsaid.Lease, null))],
                Events = events,
            };
        }
    }

    private async Task RunAsync(Slot slot, Attempt attempt)
    {
        try
        {
            await attempt.RunAsync(time);
        }
        finally
        {
            lock (_gate)
            {
                slot.Attempt = null;
            }

            attempt.Dispose();
            Poke();
        }
    }

    private void Tell(TrialGrant grant, AttemptEvent happened)
    {
        _outbox.Add(grant.Trial, grant.Lease, happened);
        Poke();
    }

    private Attempt? Find(TrialId trial, long lease) =>
        _slots.Select(slot => slot.Attempt).FirstOrDefault(attempt => attempt is not null && attempt.Grant.Trial == trial && attempt.Grant.Lease == lease);

    private ITrialGrain TrialGrain(TrialId trial, long lease) =>
        grains.GetGrain<ITrialGrain>(new TrialGrainKey(trial, lease, _holder.Incarnation).ToString());

    private async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var beat = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellation);
        try
        {
            await _poke.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The beat, or the end; the loop looks which.
        }
    }
}
