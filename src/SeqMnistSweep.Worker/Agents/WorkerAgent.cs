using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Devices;
using SeqMnistSweep.Worker.Provisions;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>
/// Owns a worker's slots and outbox, and exchanges with the head: at once when something happened, once a second otherwise.
/// While the head is away the trials go on and the outbox keeps their words.
/// </summary>
internal sealed partial class WorkerAgent : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan JoiningTakes = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GapsEvery = TimeSpan.FromSeconds(1);

    private readonly IGrainFactory _grains;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<WorkerAgent> _logger;
    private readonly Outbox _outbox = new();
    private readonly SlotPool _pool;
    private readonly MemoryMeter _memory;
    private readonly LeaseHolder _holder;
    private readonly WorkerOffer _offer;
    private readonly SemaphoreSlim _wake = new(0);
    private long? _gapsTold;
    private int _poked;
    private volatile bool _stopping;
    private volatile bool _toldToDrain;
    private volatile bool _headIsAway;
    private bool _toldAway;
    private bool _wasHeard;
    private volatile bool _hasLeft;
    private volatile string? _refusal;

    public WorkerAgent(IGrainFactory grains, ILocalSiloDetails silo, WorkerOptions options, TimeProvider time, ILogger<WorkerAgent> logger)
    {
        _grains = grains;
        _options = options;
        _time = time;
        _logger = logger;
        var head = options.HeadUrl is { } url ? new HeadFiles(HeadFiles.CreateClient(url), time) : null;
        var spool = head is null ? null : CheckpointSpool.Open(options.CheckpointFolder, LogSpoolIsStrange);
        var uploads = head is null ? null : new CheckpointUploads(head, spool!, LogNotStored);
        var slots = Enumerable.Range(0, options.Slots).Select(_ => new Slot(options)).ToArray();
        _pool = new SlotPool(options, slots, _outbox, new AttemptNeeds(options, head, new DatasetNeeds(options, head, time)), uploads, spool, time, Poke);
        _memory = new MemoryMeter(() => DeviceMemoryReading.Of(options.GpuId, _pool.Processes), time);
        _holder = new LeaseHolder(options.Name, silo.SiloAddress.ToParsableString(), options.Device);
        _offer = new WorkerOffer { Tags = options.Tags, AllowsPrograms = options.AllowsPrograms, Version = options.Version };
    }

    public bool IsDraining => _stopping || _toldToDrain;

    public WorkerStatus Status =>
        new(_options.Name, _options.Device, _options.Slots, IsDraining, _pool.Running(out _, out _), _pool.Idle.Quantile(0.5), _pool.Idle.Quantile(0.99), _refusal);

    /// <summary>Takes a granted attempt; does nothing for one that is here already.</summary>
    public void Begin(TrialGrant grant) => _pool.Begin(grant);

    public void Drop(TrialId trial, long lease, string reason) => _pool.Drop(trial, lease, reason);

    /// <summary>Asks an attempt for a checkpoint and its slot.</summary>
    public void GiveBack(TrialId trial, long lease) => _pool.GiveBack(trial, lease);

    public TrialProgress? ProgressOf(TrialId trial, long lease) => _pool.ProgressOf(trial, lease);

    public LogChunk ReadLog(TrialId trial, long offset)
    {
        // Before the file: what an attempt writes that ends meanwhile must not be missed.
        var attempt = _pool.AttemptOf(trial);
        var (text, next) = TrialLog.Read(TrialLog.PathOf(_options, trial), offset, isWhole: attempt is null);
        return new LogChunk(attempt ?? 0, _options.Name, text, next, attempt is null);
    }

    /// <summary>Exchange now.</summary>
    public void Poke()
    {
        if (Interlocked.Exchange(ref _poked, 1) == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (ObjectDisposedException)
            {
                // An attempt may end after its worker: on its own thread, where nobody would catch this.
            }
        }
    }

    /// <summary>Drains, waits until the head has everything, ends the runners. What has not given its slot back in time is killed and goes on from its last checkpoint.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        _pool.Drain();
        Poke();
        var since = _time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested
            && _time.GetElapsedTime(since) < _options.DrainTime
            && !_hasLeft
            && !(_headIsAway && _outbox.IsEmpty && _pool.Running(out _, out _).IsEmpty)
            && ExecuteTask is { IsCompleted: false })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, CancellationToken.None);
        }

        await base.StopAsync(cancellationToken);
        await _pool.EndAsync();
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = _time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Beat;
            try
            {
                await ExchangeAsync(stoppingToken);
                (_headIsAway, _wasHeard) = (false, true);
                if (_toldAway)
                {
                    _toldAway = false;
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
                _headIsAway = true;

                // A silo that has just joined does not know the head's grains for a moment.
                if (!_toldAway && (_wasHeard || _time.GetElapsedTime(started) > JoiningTakes))
                {
                    _toldAway = true;
                    LogHeadIsAway(CallFailure.Line(error));
                }
            }

            await WaitAsync(wait, stoppingToken);
        }
    }

    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        _pool.GiveBackOverdue();
        var asked = _time.GetTimestamp();
        var request = Request();
        var reply = await _grains.GetGrain<IDispatchGrain>(0).Exchange(request, cancellation);
        var acknowledged = _outbox.Acknowledge(reply.Acknowledged, reply.Unsettled);
        foreach (var verdict in reply.Verdicts)
        {
            _pool.Decide(verdict);
        }

        if (reply.Grants.Length < request.FreeSlots + request.Ahead)
        {
            _pool.NothingToRun(asked);
        }

        // Together, not one after the other: each call is short, but there may be thousands.
        await Task.WhenAll(
            reply.Orders.Select(order => TrialGrain(order.Trial, order.Lease) is var trial && order.GiveBack ? trial.GiveBack() : trial.Stop("the head has taken the trial back"))
                .Concat(reply.Grants.Select(grant => TrialGrain(grant.Trial, grant.Lease).Start(grant))));
        HearDrain(reply.Drain);
        _refusal = reply.Refusal;
        _hasLeft = request.Leaving && _outbox.IsEmpty;
        if (acknowledged > 0 && !_outbox.IsEmpty)
        {
            Poke();
        }
    }

    private ExchangeRequest Request()
    {
        // Attempts before events: one that ends in between is offered next time, never one whose last word is still unsent.
        var running = _pool.Running(out var free, out var ahead);
        var events = _outbox.Pending(out var later);
        var known = later.Count == 0 ? null : running.Select(attempt => (attempt.Trial, attempt.Lease)).ToHashSet();
        return new ExchangeRequest
        {
            Holder = _holder,
            Slots = _options.Slots,
            FreeSlots = free,

            // Who has more to tell than one message holds is ahead of the head already.
            Ahead = later.Count == 0 ? ahead : 0,
            Draining = IsDraining,

            // What ended but has not told so yet is still here for the head; otherwise it would be granted again.
            Running = [.. running, .. later.Where(unsaid => !known!.Contains(unsaid)).Select(unsaid => new RunningAttempt(unsaid.Trial, unsaid.Lease, null))],
            Events = events,
            Offer = _offer,
            Leaving = _stopping && running.IsEmpty && later.Count == 0,
            Gaps = Gaps(),
            Memory = _memory.News(),
        };
    }

    /// <summary>Once in a while: sorting ten thousand times at every exchange would be most of its work.</summary>
    private SlotGaps? Gaps()
    {
        if (_gapsTold is { } told && _time.GetElapsedTime(told) < GapsEvery)
        {
            return null;
        }

        _gapsTold = _time.GetTimestamp();
        return _pool.Idle.Quantile(0.5) is { } median ? new SlotGaps(median, _pool.Idle.Quantile(0.99)!.Value) : null;
    }

    private void HearDrain(bool drain)
    {
        if (drain == _toldToDrain)
        {
            return;
        }

        _toldToDrain = drain;
        if (drain)
        {
            _pool.Drain();
        }
        else if (!_stopping)
        {
            _pool.Undrain();
        }

        Poke();
    }

    private ITrialGrain TrialGrain(TrialId trial, long lease) =>
        _grains.GetGrain<ITrialGrain>(new TrialGrainKey(trial, lease, _holder.Incarnation).ToString());

    private async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var beat = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellation);
        try
        {
            await _wake.WaitAsync(either.Token);
            Volatile.Write(ref _poked, 0);
        }
        catch (OperationCanceledException)
        {
            // The beat, or the end; the loop looks which.
        }
    }
}
