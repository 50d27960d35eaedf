using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>Sweeps whose next configuration depends on results, with workers, restarts of the head, and pruners.</summary>
public sealed class AdaptiveSweepTests
{
    private const string Space = "program: train.py\nrun_cap: 40\nparameters: {x: {min: -5.0, max: 5.0}, size: {values: [1, 2, 4, 8]}, kind: {values: [a, b]}}\n";

    private static readonly DateTimeOffset Now = ScheduleRig.Start;

    [Theory]
    [InlineData("method: bayes\nmetric: {name: loss}\n")]
    [InlineData("method: bayes\nmetric: {name: loss}\nseeds: {count: 2}\n")]
    [InlineData("method: bayes\nmetric: {name: loss}\nearly_terminate: {type: median, startup: 3}\n")]
    [InlineData("method: cmaes\nmetric: {name: loss}\n")]
    [InlineData("method: gp\nmetric: {name: loss}\n")]
    [InlineData("method: nsga2\nmetrics: [{name: loss}, {name: gain, goal: maximize}]\n")]
    [InlineData("method: bayes\nmetrics: [{name: loss}, {name: gain, goal: maximize}]\n")]
    [InlineData("method: bayes\nmetrics: [{name: loss}, {name: gain, goal: maximize}]\nearly_terminate: {type: median, startup: 3}\n")]
    [InlineData("method: auto\nmetrics: [{name: loss}, {name: gain, goal: maximize}]\n")]
    public void A_head_that_restarts_goes_on_as_if_it_had_not(string head)
    {
        var steady = new Run(head + Space);
        var restarted = new Run(head + Space);
        for (var step = 0; step < 700; step++)
        {
            steady.Step(step);
            restarted.Step(step);
            if (step % 37 == 0)
            {
                restarted.Restart();
            }
        }

        Assert.Equal(SweepState.Completed, steady.Schedule.Sweep.State);
        Assert.Equal(steady.Points, restarted.Points);
        Assert.Equal(steady.Proposed.Select(mark => mark.ToString()), restarted.Proposed.Select(mark => mark.ToString()));
    }

    [Fact]
    public void Every_proposal_can_be_made_again_from_what_is_stored()
    {
        var run = new Run("method: bayes\nmetric: {name: loss}\nearly_terminate: {type: median, startup: 3}\n" + Space);
        for (var step = 0; step < 400; step++)
        {
            run.Step(step);
        }

        var history = new SearchHistory();
        foreach (var trial in run.Schedule.Trials.Values.OrderBy(trial => trial.Number))
        {
            var curve = run.Reports.Where(told => told.Trial == trial.Number).OrderBy(told => told.Report.Epoch).Select(told => told.Report["loss"]!.Value).ToArray();
            history.Put(Observation.Of(trial.Configuration, trial.Parameters, [(trial.State, [trial.Value!.Value], [curve])]));
        }

        Assert.Equal(40, run.Proposed.Count);
        Assert.Contains(run.Proposed, mark => mark.ToString().Contains('@', StringComparison.Ordinal));
        for (var i = 0; i < 40; i++)
        {
            var again = SamplerCatalog.Create(run.Definition).Propose(i, history.AsSeen(run.Proposed[i]))!;
            Assert.Equal(run.Schedule.Trials[i + 1].Parameters, again.Parameters);
            Assert.Equal(run.Schedule.Trials[i + 1].Origin, again.Origin);
        }
    }

    [Fact]
    public void Nothing_is_proposed_before_a_slot_asks()
    {
        var run = new Run("method: bayes\nmetric: {name: loss}\n" + Space);
        run.Step(0);
        Assert.Single(run.Schedule.Trials);
        Assert.False(run.Schedule.MayWorkAhead);
    }

    /// <summary>Three workers; what happens at a step depends on its number alone.</summary>
    private sealed class Run
    {
        private readonly List<TrialGrant?> _slots = [null, null, null];

        public Run(string yaml)
        {
            Definition = Sweeps.Valid(yaml);
            Schedule = Build(
                new SweepRecord
                {
                    Id = SweepId.Parse("s-0000"), Name = "s", State = SweepState.Queued, Method = Definition.Method, Metric = Definition.Metric.Name,
                    Maximize = false, Source = yaml, Digest = Definition.Digest, Created = Now,
                },
                []);
        }

        public SweepDefinition Definition { get; }

        public SweepSchedule Schedule { get; private set; }

        public List<(int Trial, EpochReport Report)> Reports { get; } = [];

        public List<SearchMark> Proposed { get; } = [];

        public IEnumerable<ParameterSet> Points => Schedule.Trials.Values.OrderBy(trial => trial.Number).Select(trial => trial.Parameters);

        public void Restart() => Schedule = Build(Schedule.Sweep, [.. Schedule.Trials.Values.OrderBy(trial => trial.Number)]);

        public void Step(int step)
        {
            var slot = step * 7 % 3;
            if (_slots[slot] is not { } grant)
            {
                _slots[slot] = Schedule.Grant(new LeaseHolder("w", "w-1", "cpu"), Now);
            }
            else
            {
                var trial = Schedule.Trials[grant.Trial.Number];
                if (trial.Epoch < 3)
                {
                    Report(grant, trial);
                }
                else
                {
                    Schedule.Apply(grant.Trial.Number, grant.Lease, new AttemptEvent.Completed(null, null), Now);
                }

                if (Schedule.Trials[grant.Trial.Number].State.IsFinal())
                {
                    _slots[slot] = null;
                }
            }

            Proposed.AddRange(Schedule.TakeChanges().OfType<SweepChange.EventAdded>().Select(change => change.Event.What).OfType<Occurrence.TrialProposed>().Select(proposed => proposed.Known));
        }

        private void Report(TrialGrant grant, TrialRecord trial)
        {
            var x = trial.Parameters["x"]!.AsReal();
            var size = trial.Parameters["size"]!.AsReal();
            var report = new EpochReport(trial.Epoch + 1, ImmutableSortedDictionary<string, double>.Empty
                .Add("loss", ((x - 1) * (x - 1)) + Math.Abs(size - 4) + (1.0 / (trial.Epoch + 1)) + (trial.Seed % 7))
                .Add("gain", size - x));
            Reports.Add((trial.Number, report));
            Schedule.Apply(grant.Trial.Number, grant.Lease, new AttemptEvent.Reported(report, null), Now);
        }

        private SweepSchedule Build(SweepRecord sweep, List<TrialRecord> trials) => new(
            Definition, SamplerCatalog.Create(Definition), PrunerCatalog.Create(Definition), sweep, trials,
            Reports.OrderBy(told => told.Trial).ThenBy(told => told.Report.Epoch));
    }
}
