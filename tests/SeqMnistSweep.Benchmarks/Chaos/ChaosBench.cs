using System.Globalization;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks.Chaos;

/// <summary>
/// A head and workers that train, and whatever happens to machines: what was done to them, what it cost in time, and that nothing
/// was lost. Sweep after sweep of one file until the time is over; each must end as the one that nobody disturbed.
/// </summary>
internal sealed class ChaosBench(ChaosBenchOptions options, TimeProvider time, Action<string> progress, CancellationToken stop)
{
    /// <summary>Some twenty seconds a trial where a core is free: an epoch ends between two faults, a trial seldom does.</summary>
    private const string Sweep = """
        name: chaos
        method: grid
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 7}
          levels: {value: 5}
          kernel_size: {value: 3}
          hidden: {value: 24}
          batch_size: {value: 32}
          train_limit: {value: 10000}
          eval_limit: {value: 500}
          shuffle: {value: true}
          epochs: {value: 6}
          dropout: {values: [0.0, 0.1]}
          lr: {values: [0.001, 0.002, 0.005, 0.01]}
        """;

    private const string Undisturbed = "undisturbed";
    private const int StartsInARow = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly string[] _workers = [.. Enumerable.Range(1, options.Workers).Select(i => $"w{i}")];
    private readonly Dictionary<ChaosKind, int> _done = [];
    private readonly List<(ChaosKind Kind, double Seconds)> _recovered = [];
    private readonly List<string> _ends = [];
    private readonly List<string> _reports = [];
    private readonly List<string> _results = [];
    private readonly List<string> _orphans = [];
    private int _sweeps;
    private int _trials;
    private int _attempts;
    private int _acknowledged;
    private int _revived;

    public IReadOnlyList<BenchResult> Run()
    {
        using var network = OpenNetwork();
        using var fleet = new BenchFleet(apart: true, network: network);
        File.WriteAllText(Path.Combine(fleet.Folder(Undisturbed), "chaos.yaml"), Sweep);
        fleet.Begin(Undisturbed, "run", "chaos.yaml");
        foreach (var worker in _workers)
        {
            Start(fleet, worker);
        }

        var plan = new ChaosPlan(options.Seed, _workers, network is not null);
        long? begun = null;
        do
        {
            One(fleet, network, plan, HasTime);
        }
        while (HasTime());
        return Results(network is not null, DatabaseCopy.Damage(fleet.Reader.Path, thorough: true));

        // First asked when the first sweep reports: on a busy machine that alone may take as long.
        bool HasTime() => time.GetElapsedTime(begun ??= time.GetTimestamp()) < options.Time;
    }

    private Network? OpenNetwork()
    {
        try
        {
            return Network.IsPossible ? new Network(["head", .. _workers, "client"]) : null;
        }
        catch (InvalidOperationException error)
        {
            progress($"links are left alone: {error.Message.Trim()}");
            return null;
        }
    }

    /// <summary>One sweep, disturbed while it trains and there is time, then let finish and compared.</summary>
    private void One(BenchFleet fleet, Network? network, ChaosPlan plan, Func<bool> hasTime)
    {
        var sweep = fleet.Submit(Sweep);
        var watch = new ChaosWatch();
        var hits = new List<ChaosHit>();
        progress($"{sweep} has begun");
        Until(() => Look(fleet, sweep, watch).Reports.Count > 0, "the first report");
        while (hasTime() && !Look(fleet, sweep, watch).Sweep.State.IsFinal())
        {
            var fault = plan.Next();
            Wait(fault.Wait);
            Revive(fleet);
            if (fault.LosesTrials)
            {
                // A trial that takes its worker down three times in a row is poison by design, and this one only had bad luck: it may do an epoch first.
                Until(() => Look(fleet, sweep, watch).Trials.All(trial => trial.State.IsFinal() || trial.LossesInARow + 1 < SweepSchedule.PoisonAfter), "an epoch of a trial that was lost twice");
            }

            if (fault.Kind == ChaosKind.KillRunner && fleet.Runners(fault.Worker).Count == 0)
            {
                continue;
            }

            progress(fault.ToString());
            hits.AddRange(HitBy(fault, Look(fleet, sweep, watch)));
            Do(fault, fleet, network, () => Look(fleet, sweep, watch));
            _done[fault.Kind] = _done.GetValueOrDefault(fault.Kind) + 1;
        }

        Until(
            () =>
            {
                Revive(fleet);
                return Look(fleet, sweep, watch).Sweep.State.IsFinal();
            },
            "the end of the sweep");
        Judge(fleet, sweep, watch, hits);
    }

    private RestoredSweep Look(BenchFleet fleet, SweepId sweep, ChaosWatch watch)
    {
        var loaded = fleet.Reader.LoadSweep(sweep)!;
        watch.See(loaded, fleet.Reader.Workers(), time.GetElapsedTime(0));
        return loaded;
    }

    private IEnumerable<ChaosHit> HitBy(ChaosFault fault, RestoredSweep now) => fault.HitsHead
        ? [new ChaosHit(fault.Kind, time.GetUtcNow(), null, 0)]
        : now.Trials.Where(trial => trial.State == TrialState.Running && trial.Worker == fault.Worker).Select(trial => new ChaosHit(fault.Kind, time.GetUtcNow(), trial.Number, trial.Attempts));

    private void Do(ChaosFault fault, BenchFleet fleet, Network? network, Action look)
    {
        switch (fault.Kind)
        {
            case ChaosKind.KillWorker:
                fleet.Kill(fault.Worker);
                Start(fleet, fault.Worker);
                break;
            case ChaosKind.KillRunner:
                foreach (var runner in fleet.Runners(fault.Worker))
                {
                    BenchFleet.SignalTo(runner, "KILL");
                }

                break;
            case ChaosKind.DrainWorker:
                fleet.Signal(fault.Worker, "TERM");
                fleet.End(fault.Worker);
                Start(fleet, fault.Worker);
                break;
            case ChaosKind.FreezeWorker:
                Freeze(fleet, fault.Worker, fault.Length);
                break;
            case ChaosKind.FreezeHead:
                Freeze(fleet, "head", fault.Length);
                break;
            case ChaosKind.CutLink:
                network!.Link(fault.Worker, up: false);
                Wait(fault.Length);
                network.Link(fault.Worker, up: true);
                break;
            case ChaosKind.RestartHead:
                fleet.Signal("head", "TERM");
                fleet.End("head");
                fleet.StartHead();
                break;
            default:
                fleet.Kill("head");
                look();
                Wait(fault.Length);
                fleet.StartHead();
                break;
        }
    }

    private void Freeze(BenchFleet fleet, string name, TimeSpan length)
    {
        fleet.Freeze(name);
        Wait(length);
        fleet.Signal(name, "CONT");
    }

    /// <summary>Who was silent for so long that the others gave it up ends itself once it finds out; a supervisor starts it again.</summary>
    private void Revive(BenchFleet fleet)
    {
        foreach (var worker in _workers.Where(fleet.HasEnded))
        {
            _revived++;
            Start(fleet, worker);
        }
    }

    /// <summary>One that gives up while it starts is started again, as under a supervisor.</summary>
    private void Start(BenchFleet fleet, string worker)
    {
        for (var left = StartsInARow; ; left--)
        {
            try
            {
                fleet.StartWorker(worker, "--slots", "1");
                return;
            }
            catch (InvalidOperationException error) when (left > 1)
            {
                _revived++;
                progress($"{error.Message}; it is started again");
                Wait(TimeSpan.FromSeconds(1));
            }
        }
    }

    private void Judge(BenchFleet fleet, SweepId sweep, ChaosWatch watch, List<ChaosHit> hits)
    {
        if (_sweeps == 0 && fleet.End(Undisturbed, Patience) is not 0 and var code)
        {
            throw new InvalidOperationException($"the run that nobody disturbed ended with code {code}");
        }

        var (loaded, events) = (fleet.Reader.LoadSweep(sweep)!, fleet.Reader.Events(sweep));
        var alone = fleet.ReaderOf(Undisturbed);
        Keep(_ends, sweep, [.. SweepOutcome.Flaws(loaded), .. SweepOutcome.EndedOtherThanOnce(loaded, events)]);
        Keep(_reports, sweep, [.. watch.Missing(loaded), .. events.Where(e => e.Kind == "report_mismatch").Select(e => $"{e.Trial}: {e.Reason}")]);
        Keep(_results, sweep, SweepOutcome.Differences(alone.LoadSweep(SweepId.Parse(alone.Sweeps().Single().Sweep))!, loaded));
        Keep(_orphans, sweep, watch.Forgotten);
        _recovered.AddRange(Recoveries.Of(hits, loaded, events));
        _sweeps++;
        _trials += loaded.Trials.Count;
        _attempts += loaded.Trials.Sum(trial => trial.Attempts);
        _acknowledged += watch.Acknowledged;
        progress(string.Create(CultureInfo.InvariantCulture, $"{sweep} has ended after {hits.Count} hits: {loaded.Trials.Sum(trial => trial.Attempts)} attempts of {loaded.Trials.Count} trials, {loaded.Reports.Count} reports"));
    }

    private void Keep(List<string> kept, SweepId sweep, IReadOnlyList<string> found)
    {
        kept.AddRange(found);
        foreach (var lost in found)
        {
            progress($"LOST {sweep}: {lost}");
        }
    }

    private List<BenchResult> Results(bool cutsLinks, string? damage)
    {
        if (damage is not null)
        {
            progress($"LOST the database: {damage}");
        }

        var kinds = Enum.GetValues<ChaosKind>();
        return
        [
            BenchResult.Fact("sweeps", _sweeps, "sweeps"),
            BenchResult.Fact("trials", _trials, "trials"),
            BenchResult.Fact("attempts", _attempts, "attempts"),
            BenchResult.Fact("reports acknowledged", _acknowledged, "reports"),
            .. kinds.Select(kind => kind == ChaosKind.CutLink && !cutsLinks
                ? new BenchResult($"faults: {ChaosFault.NameOf(kind)}", null, "times", null, null)
                : BenchResult.Fact($"faults: {ChaosFault.NameOf(kind)}", _done.GetValueOrDefault(kind), "times")),
            BenchResult.Fact("workers that ended by themselves and were started again", _revived, "times"),
            None("lost: trials that did not complete exactly once", _ends.Count, "trials"),
            None("lost: acknowledged reports gone, replaced or contradicted", _reports.Count, "reports"),
            None("lost: values, reports and checkpoints unlike an undisturbed run's", _results.Count, "differences"),
            None("lost: trials left running that nobody held", _orphans.Count, "trials"),
            None("lost: damage found by integrity_check", damage is null ? 0 : 1, "databases"),
            .. kinds.SelectMany(kind => _recovered.Where(found => found.Kind == kind).Select(found => found.Seconds).Order().ToList() is { Count: > 0 } seconds
                ? new[]
                {
                    BenchResult.Fact($"{ChaosFault.NameOf(kind)}, to the next word of who was hit, median", seconds[seconds.Count / 2], "s"),
                    BenchResult.Fact($"{ChaosFault.NameOf(kind)}, to the next word of who was hit, worst", seconds[^1], "s"),
                }
                : []),
        ];
    }

    private static BenchResult None(string name, int found, string unit) => new(name, found, unit, "= 0", found == 0);

    private void Until(Func<bool> condition, string what)
    {
        var start = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException($"{what} did not come within {Patience.TotalMinutes:0} minutes");
            }

            Wait(TimeSpan.FromMilliseconds(100));
        }
    }

    private void Wait(TimeSpan length)
    {
        stop.WaitHandle.WaitOne(length);
        stop.ThrowIfCancellationRequested();
    }
}

/// <param name="Time">After which no fault is begun.</param>
/// <param name="Seed">Decides which faults hit whom, and when.</param>
internal sealed record ChaosBenchOptions(TimeSpan Time, long Seed, int Workers);
