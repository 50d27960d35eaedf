using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>A schedule of a real file, rebuilt from its own records.</summary>
internal sealed class Search
{
    public static readonly ImmutableSortedDictionary<string, string> Empty = ImmutableSortedDictionary<string, string>.Empty;
    private SweepDefinition _definition;

    public Search(string yaml)
    {
        _definition = SweepFile.Parse(yaml, "s.yaml").Definition!;
        Schedule = Build(
            new SweepRecord
            {
                Id = SweepId.Parse("s-0000"),
                Name = "s",
                State = SweepState.Queued,
                Method = _definition.Method,
                Metric = "value",
                Maximize = _definition.Metric.Maximize,
                Source = yaml,
                Digest = _definition.Digest,
                Planned = SweepPlan.Of(_definition).Trials,
                Created = ScheduleRig.Start,
            },
            []);
    }

    public SweepSchedule Schedule { get; private set; }

    public DateTimeOffset Now { get; set; } = ScheduleRig.Start;

    public ImmutableSortedDictionary<string, string> NoData => Empty;

    public IEnumerable<string?> Origins => Schedule.Trials.Values.Select(trial => trial.Origin);

    public void Do(Action<SweepSchedule> act) => act(Schedule);

    public void Adopt(SweepDefinition definition) => _definition = definition;

    public void Rebuild() => Schedule = Build(Schedule.Sweep, [.. Schedule.Trials.Values]);

    public void RunAll()
    {
        while (Grant() is { } grant)
        {
            End(grant);
        }
    }

    public TrialGrant? Grant() => Schedule.Grant(new LeaseHolder("w", "w-1", "cpu"), Now);

    public void Report(TrialGrant grant, int epoch, double value = 0, CheckpointFile? checkpoint = null) =>
        Schedule.Apply(grant.Trial.Number, grant.Lease, new AttemptEvent.Reported(new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty.Add("value", value).Add("other", value)), checkpoint), Now);

    /// <summary>With the metric in its first epoch where it has told none.</summary>
    public void End(TrialGrant grant)
    {
        if (Schedule.Trials[grant.Trial.Number].Epoch == 0)
        {
            Report(grant, 1);
        }

        Schedule.Apply(grant.Trial.Number, grant.Lease, new AttemptEvent.Completed(null, null), Now);
    }

    private SweepSchedule Build(SweepRecord sweep, List<TrialRecord> trials) => new(_definition, SamplerCatalog.Create(_definition), PrunerCatalog.Create(_definition), sweep, trials, []);
}
