using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Files;
using SeqMnistSweep.Security;
using SeqMnistSweep.Worker.Core;
using SeqMnistSweep.Worker.Slots;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>Drives a worker's core: exchanges with the head at once when something happened, once a second otherwise, and begins a trial's
/// grain for every grant. While the head is away the trials go on and the outbox keeps their events.</summary>
internal sealed partial class WorkerAgent(
    IGrainFactory grains, ILocalSiloDetails silo, WorkerCore core, WorkerEquipment equipment, ExchangeSignal signal,
    ILogger<WorkerAgent> logger)
    : BackgroundService
{
    private static readonly TimeSpan JoiningTakes = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = equipment.Time;
    private readonly string _incarnation = silo.SiloAddress.ToParsableString();
    private volatile bool _headIsAway;
    private bool _saidAway;
    private bool _wasHeard;

    public WorkerCore Core => core;

    /// <summary>Exchange now.</summary>
    public void Poke() => signal.Set();

    public LogChunk ReadLog(TrialId trial, int after, long offset)
    {
        // Before the file: what an attempt writes that ends meanwhile must not be missed.
        var attempt = core.AttemptOf(trial);
        var (text, next) = LogFile.Read(TrialLog.Of(equipment.Options, trial, after), offset, isWhole: attempt is null);
        return new LogChunk(attempt ?? 0, equipment.Options.Name, text, next, attempt is null);
    }

    /// <summary>Drains, waits until the head has everything, ends the runners. What has not given its slot back in time is killed and goes
    /// on from its last checkpoint.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        core.Stop();
        var since = _time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested
            && _time.GetElapsedTime(since) < equipment.Options.DrainTime
            && !core.HasLeft
            && !(_headIsAway && core.IsIdle)
            && ExecuteTask is { IsCompleted: false })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, CancellationToken.None);
        }

        await base.StopAsync(cancellationToken);
        await equipment.EndAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = _time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = WorkerCore.Beat;
            try
            {
                await ExchangeAsync(stoppingToken);
                (_headIsAway, _wasHeard) = (false, true);
                if (_saidAway)
                {
                    _saidAway = false;
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
                wait = WorkerCore.RetryAfter;
                _headIsAway = true;

                // A silo that has just joined does not know the head's grains for a moment.
                if (!_saidAway && (_wasHeard || _time.GetElapsedTime(started) > JoiningTakes))
                {
                    _saidAway = true;
                    LogHeadIsAway(CallFailure.Line(error));
                }
            }

            await signal.WaitAsync(wait, stoppingToken);
        }
    }

    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        var reading = equipment.Memory.News();
        if (reading is not null)
        {
            core.ReadGpus(reading.Each);
        }

        equipment.Watch?.Poll();
        var request = core.Ask() with { Memory = reading?.Memory, Health = equipment.Watch?.Health };
        var reply = await ExchangeAsync(request, cancellation);
        core.Take(request, reply);

        // Together, not one after the other: each call is short, but there may be thousands.
        await Task.WhenAll(reply.Grants.Select(grant =>
            grains.GetGrain<ITrialGrain>(new TrialGrainKey(grant.Trial, grant.Lease, _incarnation).ToString()).Start(grant)));
    }

    /// <summary>The key goes with this call alone.</summary>
    private async Task<ExchangeReply> ExchangeAsync(ExchangeRequest request, CancellationToken cancellation)
    {
        if (equipment.Options.WorkerKey is { } key)
        {
            RequestContext.Set(WorkerKey.Name, key());
        }

        return await grains.GetGrain<IDispatchGrain>(0).Exchange(request, cancellation);
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The head does not answer ({Reason}); running trials go on, their reports are kept.")]
    private partial void LogHeadIsAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The head answers again.")]
    private partial void LogHeadIsBack();
}
