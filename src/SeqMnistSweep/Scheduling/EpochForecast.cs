using System.Collections.Immutable;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>
/// How many epochs a sweep will train where its pruner ends trials early. The schedule itself is run in simulated time, on as many
/// slots, with curves that keep their order from the first epoch on: so no trial is ended that would have won.
/// </summary>
/// <param name="Rungs">Epochs before a trial's last after which it may be stopped; the first hundred.</param>
/// <param name="Longest">Epochs of the longest trial.</param>
/// <param name="Trials">Those that were run in simulated time.</param>
/// <param name="Share">Of the epochs that the trials would train without a pruner, above 0, at most 1.</param>
public sealed record EpochForecast(ImmutableArray<int> Rungs, int Longest, int Trials, double Share)
{
    private const int MostTrials = 200;
    private const int MostReports = 40_000;
    private const int MostRungs = 100;

    /// <summary>Null where nothing ends trials early, or it is not known how many epochs they have.</summary>
    /// <param name="trials">In all; null for a search without end.</param>
    /// <param name="slots">Trials at the same time.</param>
    public static EpochForecast? Of(SweepDefinition definition, long? trials, int slots)
    {
        if (PrunerCatalog.Create(definition) is not { } pruner)
        {
            return null;
        }

        var sampled = new List<int>();
        var sampler = SamplerCatalog.Create(definition);
        var nothing = new SearchHistory();
        for (var cursor = 0L; sampled.Count < MostTrials && sampler.Propose(cursor, nothing) is { } proposal; cursor = proposal.NextCursor)
        {
            if (EpochsOf(definition, proposal.Parameters) is not { } epochs)
            {
                return null;
            }

            sampled.Add(epochs);
        }

        if (sampled.Count == 0)
        {
            return null;
        }

        var longest = sampled.Max();
        var count = (int)Math.Clamp(Math.Min(trials ?? MostTrials, MostReports / longest), 1, MostTrials);
        var (trained, full) = Simulate(definition, pruner, count, Math.Min(slots, count));
        return new EpochForecast(
            [.. Enumerable.Range(1, Math.Max(0, longest - 1)).Where(pruner.IsRung).Take(MostRungs)], longest, count, full > 0 ? (double)trained / full : 1);
    }

    private static int? EpochsOf(SweepDefinition definition, ParameterSet point) =>
        definition.Space.ValueOf(point, "epochs") is { Kind: ParameterKind.Integer } epochs && epochs.AsInteger() is >= 1 and <= SweepSchedule.MaxEpoch ? (int)epochs.AsInteger() : null;

    /// <summary>Rounds of one epoch for every trial that runs.</summary>
    private static (long Trained, long Full) Simulate(SweepDefinition definition, IPruner pruner, int count, int slots)
    {
        var now = DateTimeOffset.UnixEpoch;
        var schedule = Schedule(definition with { RunCap = count, Seeds = new SeedPlan(1, null), Limits = new SweepLimits(), Metric = definition.Metric with { Target = null } }, pruner, now);
        var running = new Dictionary<TrialId, TrialGrant>();
        var (trained, full) = (0L, 0L);
        for (var holder = 0; ; now += TimeSpan.FromSeconds(1))
        {
            while (running.Count < slots && schedule.Grant(new LeaseHolder($"slot-{++holder}", $"slot-{holder}", "none"), now) is { } grant)
            {
                running[grant.Trial] = grant;
                full += grant.Attempt == 1 ? EpochsOf(definition, grant.Parameters) ?? 1 : 0;
            }

            if (running.Count == 0)
            {
                return (trained, full);
            }

            foreach (var grant in running.Values.ToList())
            {
                trained++;
                if (!GoesOn(schedule, definition, grant, now))
                {
                    running.Remove(grant.Trial);
                }
            }

            schedule.TakeChanges();
        }
    }

    private static bool GoesOn(SweepSchedule schedule, SweepDefinition definition, TrialGrant grant, DateTimeOffset now)
    {
        var epoch = schedule.Trials[grant.Trial.Number].Epoch + 1;
        // How good a trial is goes by its number, in no order.
        var quality = (grant.Trial.Number * 0.6180339887498949) % 1;
        var metrics = ImmutableSortedDictionary<string, double>.Empty.Add(definition.Metric.Name, quality);
        var verdict = schedule.Tell(grant.Trial.Number, grant.Lease, epoch, metrics, null, now).Verdict;
        if (verdict == Verdict.Continue && epoch < EpochsOf(definition, grant.Parameters))
        {
            return true;
        }

        if (schedule.Holds(grant.Trial.Number, grant.Lease))
        {
            schedule.Tell(grant.Trial.Number, grant.Lease, null, null, verdict == Verdict.Pause ? new AttemptEvent.Released("paused") : new AttemptEvent.Completed(null, null), now);
        }

        return false;
    }

    private static SweepSchedule Schedule(SweepDefinition definition, IPruner pruner, DateTimeOffset now)
    {
        var sweep = new SweepRecord
        {
            Id = SweepId.Create("forecast", 0),
            Name = definition.Name,
            State = SweepState.Queued,
            Method = definition.Method,
            Metric = definition.Metric.Name,
            Maximize = definition.Metric.Maximize,
            Source = definition.Source,
            Digest = definition.Digest,
            Created = now,
        };
        return new SweepSchedule(definition, SamplerCatalog.Create(definition), pruner, sweep, [], []);
    }
}
