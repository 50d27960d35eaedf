using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;

namespace SeqMnistSweep.Scheduling;

/// <summary>A sweep's records in memory, and the changes since the last write. The parts of a schedule share it, and every decision ends in
/// it.</summary>
internal sealed class SweepLedger
{
    /// <summary>The actor of what no user and no worker asked for.</summary>
    public const string Schedule = "schedule";

    private readonly List<SweepChange> _changes = [];

    /// <param name="file">As it is stored; the sweep's edits are applied here.</param>
    public SweepLedger(
        SweepDefinition file, IPruner? pruner, SweepRecord sweep, IEnumerable<TrialRecord> trials,
        IEnumerable<(int Trial, EpochReport Report)> reports)
    {
        (File, Definition, Sweep) = (file, sweep.Edits.ApplyTo(file), sweep);
        Method = SamplerCatalog.Find(file.Method)!;
        Index = new TrialIndex(packs: !SweepSchedule.LooksBack(file, pruner));
        Derived = new DerivedMetrics(file);
        Reports = new ReportHistory(file.Metrics, keepsCurves: pruner is not null);
        Stagnation = new StagnationRule(this);
        Improvement = new ImprovementRule(this);
        Memory = new SearchMemory(file, Method, Index, Reports);
        foreach (var trial in trials)
        {
            Put(trial);
        }

        foreach (var (trial, report) in reports)
        {
            Reports.Add(Trials[trial], report);
            if (report.Epoch == Trials[trial].ValueEpoch)
            {
                Memory.RememberBest(trial, report);
            }
        }

        Memory.Loaded();
    }

    public SweepRecord Sweep { get; private set; }

    /// <summary>As it was written.</summary>
    public SweepDefinition File { get; private set; }

    /// <summary>With the edits.</summary>
    public SweepDefinition Definition { get; private set; }

    public SamplerEntry Method { get; }

    public TrialIndex Index { get; }

    public TrialCollection Trials => Index.Trials;

    public ConfigurationIndex Configurations => Index.Configurations;

    public ReportHistory Reports { get; }

    /// <summary>What of the metrics is known without the program.</summary>
    public DerivedMetrics Derived { get; }

    public SearchMemory Memory { get; }

    public StagnationRule Stagnation { get; }

    public ImprovementRule Improvement { get; }

    /// <summary>The trial that has reported the best value so far, by which a target is reached; what ranks is the leaderboard's
    /// matter. Of a <see cref="DerivedMetric"/> a value counts from the trial's end on: the first report would have the fewest
    /// seconds.</summary>
    public TrialRecord? Best { get; private set; }

    public bool HasReachedTarget => Best?.Value is { } best && Definition.Metric.ReachesTarget(best);

    public bool HasChanges => _changes.Count > 0;

    public IEnumerable<TrialRecord> Active => Index.Active.Select(number => Trials[number]);

    /// <summary>Queued and paused trials, by number.</summary>
    public List<TrialRecord> Waiting =>
        [.. Trials.Whole.Where(trial => trial.State is TrialState.Queued or TrialState.Paused).OrderBy(trial => trial.Number)];

    /// <summary>The sweep's metrics that the trial, which has not ended, has never reported, whatever their values; none where nobody said
    /// what they are.</summary>
    /// <param name="told">Names that are reported as well.</param>
    public ImmutableArray<string> MissingMetrics(int trial, IEnumerable<string>? told = null)
    {
        if (Definition.MetricIsAssumed) return [];

        var names = Reports.NamesOf(trial).Concat(told ?? []).ToHashSet(StringComparer.Ordinal);
        return [.. Definition.Metrics.Select(metric => metric.Name)
            .Where(name => !names.Contains(name) && !Derived.IsKnown(name, Trials[trial]))];
    }

    /// <summary>The changes since the last call, in order, without those that a later one replaces.</summary>
    public ImmutableArray<SweepChange> TakeChanges()
    {
        var changes = CoalescedChanges.Of(_changes);
        _changes.Clear();
        return changes;
    }

    public void Add(SweepChange change) => _changes.Add(change);

    public void Log(Occurrence what, string reason, string by, DateTimeOffset now) =>
        Add(new SweepChange.EventAdded(new SweepEvent(what, reason, by, now)));

    public void Update(SweepRecord sweep)
    {
        Sweep = sweep;
        Add(new SweepChange.SweepUpdated(sweep));
    }

    /// <param name="heldLease">The lease before a grant; null for the trial's own.</param>
    public TrialRecord Update(TrialRecord trial, long? heldLease = null)
    {
        Put(trial);
        Add(new SweepChange.TrialUpdated(trial, heldLease ?? trial.Lease));
        return trial;
    }

    /// <summary>Queues a new trial.</summary>
    /// <param name="purpose">Null for one of the search.</param>
    public int Add(
        int configuration, ParameterSet parameters, long seed, string? origin, DateTimeOffset now, TrialPurpose? purpose = null)
    {
        var trial = new TrialRecord
        {
            Number = Trials.Count + 1,
            Configuration = configuration,
            Parameters = parameters,
            Seed = seed,
            Purpose = purpose ?? (parameters.Equals(File.Baseline) ? TrialPurpose.Baseline : TrialPurpose.Search),
            Origin = origin,
            Created = now,
        };
        Put(trial);
        Add(new SweepChange.TrialAdded(trial));
        return trial.Number;
    }

    /// <summary>Replaces what the sweep asks for.</summary>
    /// <param name="planned">Trials that there will be in all; null where nobody knows.</param>
    public void Redefine(SweepDefinition file, SweepEdits edits, long? planned)
    {
        (File, Definition) = (file, edits.ApplyTo(file));
        Update(Sweep with
        {
            Edits = edits,
            Priority = Definition.Priority,
            Weight = Definition.Weight,
            Seeds = Definition.Seeds.Count,
            Planned = planned,
            Infeasible = Method.IsFinite ? SweepPlan.InfeasiblePoints(Definition) : Sweep.Infeasible,
        });
    }

    private void Put(TrialRecord trial)
    {
        Index.Put(trial);
        if (!trial.IsOfSearch) return;

        if (Best is { } best && best.Number == trial.Number && (!HasValue(trial) || IsBetter(best, trial)))
        {
            // What it reported no longer counts.
            Best = Trials.Values.Where(other => HasValue(other) && other.IsOfSearch).Aggregate(
                (TrialRecord?)null, (first, other) => first is null || IsBetter(other, first) ? other : first);
        }
        else if (HasValue(trial) && (Best is null || Best.Number == trial.Number || IsBetter(trial, Best)))
        {
            Best = trial;
        }

        Memory.Put(trial);
    }

    /// <summary>Whether the trial has a value that counts.</summary>
    public bool HasValue(TrialRecord trial) =>
        trial.Value is not null && (trial.State == TrialState.Completed || !DerivedMetric.Is(Definition.Metric.Name));

    private bool IsBetter(TrialRecord trial, TrialRecord other) => Definition.Metric.IsBetter(trial.Value!.Value, other.Value!.Value);
}
