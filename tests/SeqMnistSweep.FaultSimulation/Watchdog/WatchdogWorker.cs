using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.FaultSimulation.Watchdog;

/// <summary>A worker around the shipped core. Its link never fails; its programs may take it down.</summary>
internal sealed class WatchdogWorker(WatchdogWorld world, int index, int slots)
{
    private WorkerCore? _core;
    private int _starts;
    private bool _changed;
    private bool _asks;
    private long _beat;

    private string Incarnation => $"w{index}@{_starts}";

    public bool Runs(WorkerCore core) => _core == core;

    public void Start()
    {
        _starts++;
        _asks = false;
        _core = new WorkerCore(new LeaseHolder($"w{index}", Incarnation, "cpu"), new WorkerOffer { AllowsPrograms = true }, slots, new Outbox(), null, world.Time, Changed);
        Next(0);
    }

    public void Crash()
    {
        if (_core is null) return;

        // What it had to say may have been heard before.
        var dead = Incarnation;
        _core = null;
        world.After(world.Chance.Between(1, 2000), () => world.Expire(dead));
        world.After(3000, Start);
    }

    private void Changed()
    {
        _changed = true;
        if (!_asks)
        {
            Next(1);
        }
    }

    private void Next(long wait)
    {
        var (beat, core) = (++_beat, _core);
        world.After(wait, () =>
        {
            if (beat == _beat && core is not null && core == _core)
            {
                world.Watch(ExchangeAsync(core));
            }
        });
    }

    private async Task ExchangeAsync(WorkerCore core)
    {
        (_asks, _changed) = (true, false);
        var request = core.Ask();
        ExchangeReply? reply = null;
        try
        {
            reply = await world.Exchange(request);
        }
        finally
        {
            _asks = false;
        }

        if (core != _core) return;

        core.Take(request, reply);
        foreach (var grant in reply.Grants)
        {
            core.Begin(grant, new WatchdogAttempt(world, this, core, grant, world.ProgramOf(grant.Trial.Number)));
        }

        Next(_changed ? 1 : (long)WorkerCore.Beat.TotalMilliseconds);
    }
}
