using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Simulation;

/// <summary>The real schedule and pruner of a sweep file over recorded curves: workers with one slot each, who take as long as the
/// recording says, in simulated time. Words need no time, checkpoints are always there.</summary>
public sealed class SweepSimulation
{
    private static readonly DateTimeOffset Zero = DateTimeOffset.UnixEpoch;

    private readonly Func<TrialGrant, SimulatedCurve> _curveOf;
    private readonly SweepDefinition _definition;
    private readonly SweepSchedule _schedule;
    private readonly PriorityQueue<(LeaseHolder Worker, TrialGrant Grant, int Epoch), (double Time, int Order)> _ahead = new();
    private readonly Queue<LeaseHolder> _free;
    private readonly List<SimulatedEpoch> _epochs = [];
    private readonly long? _budget;
    private int _order;

    /// <param name="definition">Its space and method are not asked: the configurations are the recorded ones.</param>
    /// <param name="seed">Of their order.</param>
    /// <param name="budget">Epochs after which nothing more is trained; null for no limit.</param>
    public SweepSimulation(SweepDefinition definition, ImmutableArray<RecordedCurve> curves, int workers, long seed, long? budget = null)
        : this(
            definition with
            {
                Method = "random",
                Seeds = new SeedPlan(1, 0),
                Enqueue = [],
                RunCap = Math.Min(definition.RunCap ?? int.MaxValue, curves.Length),
            },
            curves, workers, new ReplaySampler(curves, seed), budget)
    {
    }

    /// <param name="sampler">Proposes configurations with the index of a curve in the parameter
    /// <see cref="ReplaySampler.Recorded"/>.</param>
    internal SweepSimulation(SweepDefinition definition, ImmutableArray<RecordedCurve> curves, int workers, ISampler sampler, long? budget)
        : this(definition, grant => Recorded(curves, grant), workers, sampler, budget)
    {
    }

    /// <param name="curveOf">What the trial of a grant reports.</param>
    internal SweepSimulation(
        SweepDefinition definition, Func<TrialGrant, SimulatedCurve> curveOf, int workers, ISampler sampler, long? budget)
    {
        _curveOf = curveOf;
        _definition = definition;
        _budget = budget;
        _free = new Queue<LeaseHolder>(Enumerable.Range(1, workers).Select(i => new LeaseHolder($"w{i}", $"w{i}", "simulated")));
        _schedule = new SweepSchedule(definition, sampler, PrunerCatalog.Create(definition), SweepOf(definition), [], []);
    }

    /// <exception cref="InvalidOperationException">The schedule stands still although nothing runs: a mistake in it.</exception>
    public SimulationResult Run()
    {
        var now = 0.0;
        Fill(now);
        while (_ahead.TryDequeue(out var next, out var at))
        {
            now = at.Time;
            if (_budget <= _epochs.Count) break;

            if (!Report(next.Worker, next.Grant, next.Epoch, now))
            {
                _free.Enqueue(next.Worker);
            }

            Fill(now);
        }

        _schedule.TakeChanges();
        return _schedule.Sweep.State.IsFinal() || _budget <= _epochs.Count
            ? new SimulationResult([.. _epochs], [.. _schedule.Trials.Values], TimeSpan.FromSeconds(now))
            : throw new InvalidOperationException(
                "nothing runs and nothing starts, with " + string.Join(
                    ", ", _schedule.CountByState.Where(count => count.Value > 0).Select(count => $"{count.Value} {count.Key.ToName()}")));
    }

    private void Fill(double now)
    {
        while (_free.TryPeek(out var worker) && _schedule.Grant(worker, At(now)) is { } grant)
        {
            _free.Dequeue();
            _schedule.Apply(grant.Trial.Number, grant.Lease, new AttemptEvent.Started("simulated"), At(now));
            Train(worker, grant, (grant.Resume?.Epoch ?? 0) + 1, now);
        }
    }

    private void Train(LeaseHolder worker, TrialGrant grant, int epoch, double now) =>
        _ahead.Enqueue((worker, grant, epoch), (now + _curveOf(grant).Seconds(epoch), _order++));

    /// <returns>Whether the trial goes on in its slot.</returns>
    private bool Report(LeaseHolder worker, TrialGrant grant, int epoch, double now)
    {
        var number = grant.Trial.Number;
        var curve = _curveOf(grant);
        var value = curve.Value(epoch);
        _epochs.Add(new SimulatedEpoch(number, curve.Index, epoch, value, now));
        var report = new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty.Add(_definition.Metric.Name, value));
        var checkpoint = new CheckpointFile(epoch, 0, string.Create(CultureInfo.InvariantCulture, $"{number}-{epoch}"), 1);
        var answer = _schedule.Apply(number, grant.Lease, new AttemptEvent.Reported(report, checkpoint), At(now));
        if (answer.Verdict == Verdict.Continue && epoch < curve.Epochs)
        {
            Train(worker, grant, epoch + 1, now);
            return true;
        }

        AttemptEvent end = answer.Verdict switch
        {
            Verdict.Continue => new AttemptEvent.Completed(null, null),
            Verdict.Pause => new AttemptEvent.Released("paused"),
            _ => new AttemptEvent.Stopped(),
        };
        _schedule.Apply(number, grant.Lease, end, At(now));
        return false;
    }

    private static SimulatedCurve Recorded(ImmutableArray<RecordedCurve> curves, TrialGrant grant)
    {
        var index = (int)grant.Parameters[ReplaySampler.Recorded]!.AsInteger();
        var curve = curves[index];
        return new SimulatedCurve(index, curve.Values.Length, epoch => curve.Values[epoch - 1], epoch => curve.Seconds[epoch - 1]);
    }

    private static DateTimeOffset At(double seconds) => Zero.AddSeconds(seconds);

    private static SweepRecord SweepOf(SweepDefinition definition) => new()
    {
        Id = SweepId.Parse("simulated-0000"),
        Name = definition.Name,
        State = SweepState.Queued,
        Method = definition.Method,
        Metric = definition.Metric.Name,
        Maximize = definition.Metric.Maximize,
        Source = definition.Source,
        Digest = definition.Digest,
        Created = Zero,
    };
}

/// <summary>What a simulated trial reports.</summary>
/// <param name="Index">Of the recorded curve; 0 where there is none.</param>
/// <param name="Value">The metric after an epoch, counted from 1.</param>
/// <param name="Seconds">What that epoch takes.</param>
internal sealed record SimulatedCurve(int Index, int Epochs, Func<int, double> Value, Func<int, double> Seconds);

/// <param name="Trial">Number in the simulated sweep.</param>
/// <param name="Curve">Index of the recorded curve.</param>
/// <param name="Seconds">When it was reported.</param>
public readonly record struct SimulatedEpoch(int Trial, int Curve, int Epoch, double Value, double Seconds);

/// <param name="Epochs">Every epoch that was trained, in the order of their reports.</param>
/// <param name="Trials">As they ended.</param>
public sealed record SimulationResult(ImmutableArray<SimulatedEpoch> Epochs, ImmutableArray<TrialRecord> Trials, TimeSpan Took);
