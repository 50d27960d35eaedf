using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>A schedule over a scripted sampler, with simulated time and a copy of what a database would hold.</summary>
internal sealed class ScheduleRig
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly SweepDefinition _definition;
    private readonly int _configurations;
    private readonly int _epochs;
    private readonly Dictionary<int, TrialRecord> _rows = [];
    private SweepRecord _row;

    public ScheduleRig(int configurations = 4, Func<SweepDefinition, SweepDefinition>? with = null, int epochs = 3)
    {
        _epochs = epochs;
        _configurations = configurations;
        var definition = SweepFile.Parse("{program: noop, method: grid, metric: {name: value, goal: maximize}, retry: {max: 2}, parameters: {x: {values: [1]}, epochs: {value: 3}}}", "rig.yaml").Definition!;
        _definition = with?.Invoke(definition) ?? definition;
        _row = new SweepRecord
        {
            Id = SweepId.Parse("rig-0000"),
            Name = "rig",
            State = SweepState.Queued,
            Method = "grid",
            Metric = "value",
            Maximize = true,
            Source = "",
            Digest = "",
            Created = Start,
        };
        Schedule = Build();
    }

    public SweepSchedule Schedule { get; private set; }

    public DateTimeOffset Now { get; set; } = Start;

    public List<SweepEvent> Events { get; } = [];

    public List<(int Trial, EpochReport Report)> Reports { get; } = [];

    public List<(int Trial, EpochReport Report)> Superseded { get; } = [];

    public List<string> Dropped { get; } = [];

    /// <summary>Why a checkpoint cannot be copied; null when it can.</summary>
    public string? CopyProblem { get; set; }

    public List<(int Trial, AttemptRecord Attempt)> Attempts { get; } = [];

    public LeaseHolder Worker { get; set; } = new("w1", "silo-1", "cpu");

    public IReadOnlyDictionary<int, TrialRecord> Rows => _rows;

    public SweepRecord Row => _row;

    public TrialGrant? Grant(bool ahead = false, bool hasOthers = false)
    {
        var grant = Schedule.Grant(Worker, Now, ahead, hasOthers);
        Store();
        return grant;
    }

    public TrialGrant Running()
    {
        var grant = Grant()!;
        Assert.NotNull(grant);
        Tell(grant, new AttemptEvent.Started("cpu"));
        return grant;
    }

    public Answer Tell(TrialGrant grant, AttemptEvent told)
    {
        var answer = Schedule.Apply(grant.Trial.Number, grant.Lease, told, Now);
        Store();
        return answer;
    }

    public Answer Report(TrialGrant grant, int epoch, double score, string? checkpoint = null) => Tell(grant, new AttemptEvent.Reported(
        new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty.Add("value", score)),
        checkpoint is null ? null : new CheckpointFile(epoch, 0, checkpoint, 1)));

    /// <summary>With the metric in its first epoch where it has told none.</summary>
    public void Complete(TrialGrant grant)
    {
        if (!Reports.Exists(known => known.Trial == grant.Trial.Number))
        {
            Report(grant, 1, 0.5);
        }

        Tell(grant, new AttemptEvent.Completed(null, null));
    }

    public void Lose(TrialGrant grant, LeaseLoss loss = LeaseLoss.WorkerLost)
    {
        Schedule.Lose(grant.Trial.Number, grant.Lease, loss, Now);
        Store();
    }

    public void Do(Action<SweepSchedule> act)
    {
        act(Schedule);
        Store();
    }

    /// <summary>The head is gone; a new one knows the rows only.</summary>
    /// <param name="texts">Takes the place of every text for people in them.</param>
    public void Rebuild(string? texts = null)
    {
        if (texts is not null)
        {
            _row = _row with { Reason = texts };
            foreach (var trial in _rows.Values.ToList())
            {
                _rows[trial.Number] = trial with { Message = texts, Origin = texts };
            }
        }

        Schedule = Build();
    }

    private SweepSchedule Build() =>
        new(_definition, new Numbers(_configurations, _epochs), PrunerCatalog.Create(_definition), _row, _rows.Values.OrderBy(row => row.Number), Reports, (_, _, _) => CopyProblem);

    /// <summary>Applies the changes as the database does: an update counts only under the lease it was made for.</summary>
    private void Store()
    {
        foreach (var change in Schedule.TakeChanges())
        {
            switch (change)
            {
                case SweepChange.SweepUpdated(var sweep):
                    _row = sweep;
                    break;
                case SweepChange.TrialAdded(var trial):
                    _rows.Add(trial.Number, trial);
                    break;
                case SweepChange.TrialUpdated(var trial, var held):
                    Assert.Equal(held, _rows[trial.Number].Lease);
                    Assert.False(_rows[trial.Number].State.IsForGood(), $"trial {trial.Number} had ended");
                    _rows[trial.Number] = trial;
                    if (trial.AttemptStarted is { } started && trial.State.IsForGood())
                    {
                        Attempts.Add((trial.Number, new AttemptRecord(
                            trial.Attempts, trial.Worker!, trial.Device, trial.Granted!.Value, started, trial.Finished!.Value, trial.State, trial.StateCause!.Value, null)));
                    }

                    break;
                case SweepChange.ReportAdded(var trial, var lease, _, var report, _):
                    Assert.Equal(lease, _rows[trial].Lease);
                    Reports.RemoveAll(known => known.Trial == trial && known.Report.Epoch == report.Epoch);
                    Reports.Add((trial, report));
                    break;
                case SweepChange.ReportsSuperseded(var trial, var lease, var epoch):
                    Assert.Equal(lease, _rows[trial].Lease);
                    Superseded.AddRange(Reports.Where(known => known.Trial == trial && known.Report.Epoch > epoch));
                    Reports.RemoveAll(known => known.Trial == trial && known.Report.Epoch > epoch);
                    break;
                case SweepChange.CheckpointDropped(_, var checkpoint):
                    Dropped.Add(checkpoint.Digest);
                    break;
                case SweepChange.CheckpointFileLost(_, var digest):
                    Dropped.Add(digest);
                    break;
                case SweepChange.AttemptEnded(var trial, _, var attempt):
                    Attempts.Add((trial, attempt));
                    break;
                case SweepChange.EventAdded(var happened):
                    Events.Add(happened);
                    break;
            }
        }
    }

    private sealed class Numbers(int count, int epochs) : ISampler
    {
        public Proposal? Propose(long cursor, SearchHistory history) => cursor < count
            ? new Proposal(new ParameterSet([KeyValuePair.Create("x", ParameterValue.Of(cursor)), .. Epochs()]), cursor + 1, 0, $"number {cursor + 1}")
            : null;

        /// <summary>None where there are 0 of them: a program that does not tell.</summary>
        private IEnumerable<KeyValuePair<string, ParameterValue>> Epochs() => epochs == 0 ? [] : [KeyValuePair.Create("epochs", ParameterValue.Of((long)epochs))];
    }
}
