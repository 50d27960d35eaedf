using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>
/// Schedule, lease clock and a model of the exchange under lost, repeated and late messages, workers that start again, die, drain, go
/// silent or fall behind, trials that lie ahead of their slots or are cancelled, and heads that are rebuilt from the rows: in simulated
/// time, by the thousand.
/// </summary>
public sealed class ExchangePropertyTests
{
    private const int Trials = 6;

    public enum Fault
    {
        None,
        AcknowledgeBeforeStore,
        ForgetLeases,
    }

    [Fact]
    public void Every_trial_ends_once_with_every_acknowledged_epoch_once()
    {
        for (var seed = 0UL; seed < 2000; seed++)
        {
            var wrong = new World(seed, Fault.None).Wrong();
            Assert.True(wrong is null, $"seed {seed}: {wrong}");
        }
    }

    [Theory]
    [InlineData(Fault.AcknowledgeBeforeStore)]
    [InlineData(Fault.ForgetLeases)]
    public void A_planted_fault_is_found(Fault fault) =>
        Assert.Contains(Enumerable.Range(0, 200), seed => new World((ulong)seed, fault).Wrong() is not null);

    private sealed class Attempt(TrialGrant grant)
    {
        public TrialGrant Grant => grant;

        public int Epoch { get; set; } = grant.Resume?.Epoch ?? 0;
    }

    private sealed class Worker(string name)
    {
        private int _incarnation;

        public LeaseHolder Holder => new(name, $"{name}-{_incarnation}", "cpu");

        public Attempt? Slot { get; set; }

        /// <summary>A trial at hand for the moment the slot comes free.</summary>
        public Attempt? Ahead { get; set; }

        public bool IsDraining { get; set; }

        public IEnumerable<Attempt> Running => new[] { Slot, Ahead }.OfType<Attempt>();

        public List<(Attempt Attempt, AttemptEvent Event)> Outbox { get; } = [];

        public int SilentUntil { get; set; }

        public void StartAgain()
        {
            _incarnation++;
            (Slot, Ahead, IsDraining) = (null, null, false);
            Outbox.Clear();
        }
    }

    private sealed class World(ulong seed, Fault fault)
    {
        private readonly ScheduleRig _rig = new(Trials);
        private readonly SplitMix64[] _random = [new(seed)];
        private readonly List<Worker> _workers = [new("a"), new("b"), new("c")];
        private readonly HashSet<(int Trial, int Epoch)> _acknowledged = [];
        private readonly HashSet<int> _cancelled = [];
        private readonly HashSet<string> _drained = [];
        private readonly List<(LeaseHolder Holder, ImmutableArray<(Attempt Attempt, AttemptEvent Event)> Events)> _late = [];
        private LeaseClock _clock = NewClock();
        private int _second;

        private TimeSpan Now => TimeSpan.FromSeconds(_second);

        /// <summary>Null when all is well, else what is not.</summary>
        public string? Wrong()
        {
            for (_second = 1; _second < 3000 && !_rig.Row.State.IsFinal(); _second++)
            {
                _rig.Now = ScheduleRig.Start + Now;
                Disturb();
                Check();
                foreach (var worker in _workers.Where(worker => worker.SilentUntil <= _second))
                {
                    Train(worker);
                    Exchange(worker);
                }

                if (_clock.Leases.GroupBy(held => held.Trial).Any(group => group.Count() > 1)
                    || _clock.Leases.Any(held => held.Lease > _rig.Rows[held.Trial.Number].Lease))
                {
                    return "a lease that nobody granted";
                }
            }

            return AtTheEnd();
        }

        private static LeaseClock NewClock() => new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1));

        private string? AtTheEnd()
        {
            if (!_rig.Row.State.IsFinal())
            {
                return "the sweep never ends";
            }

            foreach (var trial in _rig.Rows.Values)
            {
                var epochs = _rig.Reports.Where(report => report.Trial == trial.Number).Select(report => report.Report.Epoch).ToList();
                if (!trial.State.IsFinal() || (trial.State == TrialState.Completed && !epochs.Order().SequenceEqual([1, 2, 3])))
                {
                    return $"trial {trial.Number} is {trial.State} with epochs {string.Join(',', epochs)}";
                }

                if (trial.State == TrialState.Cancelled != _cancelled.Contains(trial.Number))
                {
                    return $"trial {trial.Number} is {trial.State}";
                }

                if (trial.State == TrialState.Completed && trial.Checkpoint?.Digest is { } digest && _rig.Dropped.Contains(digest))
                {
                    return $"the file of trial {trial.Number}'s checkpoint is gone";
                }
            }

            return _acknowledged.FirstOrDefault(told => !_rig.Reports.Any(report => (report.Trial, report.Report.Epoch) == told)) is { Trial: > 0 } lost
                ? $"acknowledged and lost: {lost}"
                : null;
        }

        private bool Chance(int percent) => _random[0].Next() % 100 < (ulong)percent;

        private void Disturb()
        {
            var worker = _workers[(int)(_random[0].Next() % (ulong)_workers.Count)];
            if (Chance(2))
            {
                var before = worker.Holder.Incarnation;
                worker.StartAgain();
                if (Chance(50))
                {
                    Lose(_clock.Bury(before));
                }
            }

            if (Chance(2) && !_drained.Add(worker.Holder.Worker))
            {
                _drained.Clear();
            }

            // Only at first: a trial that nobody runs must not be helped out of the way.
            if (_second < 60 && Chance(2) && _rig.Rows.Values.Where(trial => !trial.State.IsFinal()).MinBy(trial => trial.Number) is { } victim)
            {
                _cancelled.Add(victim.Number);
                _rig.Do(schedule => schedule.CancelTrial(victim.Number, "ada", "no use", _rig.Now));
            }

            if (Chance(3))
            {
                worker.SilentUntil = _second + (int)(_random[0].Next() % 40);
            }

            if (Chance(3))
            {
                RebuildHead();
            }

            if (_late.Count > 0 && Chance(30))
            {
                Settle(_late[0].Holder, _late[0].Events);
                _late.RemoveAt(0);
            }
        }

        private void RebuildHead()
        {
            _rig.Rebuild();
            _clock = NewClock();
            if (fault != Fault.ForgetLeases)
            {
                foreach (var trial in _rig.Rows.Values.Where(trial => trial.State.IsActive()))
                {
                    _clock.Hold(new TrialId(_rig.Row.Id, trial.Number), trial.Lease, trial.Worker!, trial.Incarnation!, Now, inherited: true);
                }
            }
        }

        private void Check()
        {
            Lose(_clock.Check(Now));
            if (fault != Fault.ForgetLeases)
            {
                _clock.Align(_clock.Leases.ToList(), [.. _rig.Schedule.Active.Select(trial =>
                    new HeldLease(new TrialId(_rig.Row.Id, trial.Number), trial.Lease, trial.Worker!, trial.Incarnation!, Now + _clock.TimeToLive))]);
            }
        }

        private void Lose(IReadOnlyList<HeldLease> over)
        {
            foreach (var held in over)
            {
                _rig.Do(schedule => schedule.Lose(held.Trial.Number, held.Lease, held.Loss, _rig.Now));
            }
        }

        private void Train(Worker worker)
        {
            if (worker.Slot is null)
            {
                (worker.Slot, worker.Ahead) = (worker.Ahead, null);
            }

            if (worker.IsDraining)
            {
                worker.Outbox.AddRange(worker.Running.Select(attempt => (attempt, (AttemptEvent)new AttemptEvent.Released("draining"))));
                (worker.Slot, worker.Ahead) = (null, null);
            }

            if (worker.Slot is not { } attempt)
            {
                return;
            }

            AttemptEvent told = Chance(3) ? new AttemptEvent.Killed("killed")
                : attempt.Epoch == 3 ? new AttemptEvent.Completed(null, null)
                : new AttemptEvent.Reported(
                    new EpochReport(++attempt.Epoch, ImmutableSortedDictionary<string, double>.Empty.Add("value", attempt.Epoch)),
                    Chance(70) ? new CheckpointFile(attempt.Epoch, 0, $"{attempt.Grant.Trial.Number}:{attempt.Epoch}", 1) : null);
            worker.Outbox.Add((attempt, told));
            if (told is not AttemptEvent.Reported)
            {
                worker.Slot = null;
            }
        }

        private void Exchange(Worker worker)
        {
            var events = worker.Outbox.ToImmutableArray();
            if (Chance(10))
            {
                return;   // lost on the way up
            }

            if (Chance(10))
            {
                _late.Add((worker.Holder, events));   // and once more, some time later
            }

            if (fault == Fault.AcknowledgeBeforeStore && Chance(20))
            {
                Acknowledge(worker, events);
                return;
            }

            Settle(worker.Holder, events);
            var drain = _drained.Contains(worker.Holder.Worker);
            var grants = Missing(worker, drain || worker.IsDraining).ToList();
            if (!drain && !worker.IsDraining && !_clock.IsPast(worker.Holder.Worker, worker.Holder.Incarnation))
            {
                Grant(worker, grants);
            }

            if (Chance(10))
            {
                return;   // the reply is lost
            }

            Acknowledge(worker, events);
            worker.IsDraining = drain;
            worker.Slot = Held(worker.Slot);
            worker.Ahead = Held(worker.Ahead);
            foreach (var grant in grants)
            {
                if (worker.Slot is null)
                {
                    worker.Slot = new Attempt(grant);
                }
                else
                {
                    worker.Ahead ??= new Attempt(grant);
                }
            }
        }

        private Attempt? Held(Attempt? attempt) =>
            attempt is not null && _rig.Schedule.Holds(attempt.Grant.Trial.Number, attempt.Grant.Lease) ? attempt : null;

        /// <summary>What the worker holds by the book and does not know of.</summary>
        private IEnumerable<TrialGrant> Missing(Worker worker, bool draining)
        {
            foreach (var trial in Active(worker).Where(trial => worker.Running.All(attempt => attempt.Grant.Trial.Number != trial.Number)).ToList())
            {
                if (draining)
                {
                    _rig.Tell(_rig.Schedule.GrantAgain(trial.Number), new AttemptEvent.Released("never started"));
                }
                else
                {
                    yield return _rig.Schedule.GrantAgain(trial.Number);
                }
            }
        }

        private void Grant(Worker worker, List<TrialGrant> grants)
        {
            _rig.Worker = worker.Holder;
            while (worker.Running.Count() + grants.Count < 2 && _rig.Grant() is { } grant)
            {
                grants.Add(grant);
                if (!Chance(5))   // or the answer never reaches the dispatcher
                {
                    _clock.Hold(grant.Trial, grant.Lease, worker.Holder.Worker, worker.Holder.Incarnation, Now);
                }
            }
        }

        private IEnumerable<TrialRecord> Active(Worker worker) => _rig.Schedule.Active.Where(trial => trial.Incarnation == worker.Holder.Incarnation);

        private void Settle(LeaseHolder holder, ImmutableArray<(Attempt Attempt, AttemptEvent Event)> events)
        {
            Lose(_clock.Heard(holder.Worker, holder.Incarnation, Now));
            foreach (var (attempt, told) in events)
            {
                _rig.Tell(attempt.Grant, told);
            }
        }

        /// <summary>Of a fenced attempt nothing was promised; what counts is what its trial's newest lease told.</summary>
        private void Acknowledge(Worker worker, ImmutableArray<(Attempt Attempt, AttemptEvent Event)> events)
        {
            foreach (var (attempt, told) in events)
            {
                if (told is AttemptEvent.Reported(var report, _) && _rig.Schedule.Holds(attempt.Grant.Trial.Number, attempt.Grant.Lease))
                {
                    _acknowledged.Add((attempt.Grant.Trial.Number, report.Epoch));
                }
            }

            worker.Outbox.RemoveRange(0, events.Length);
        }
    }
}
