using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>Against a model of the database: whatever is left out, the rows in the end and the fencing stay.</summary>
public sealed class CoalescedChangesTests
{
    [Fact]
    public void A_trial_made_granted_and_ended_at_once_is_one_row_written_once()
    {
        var changes = CoalescedChanges.Of(
        [
            new SweepChange.TrialAdded(Trial(1, TrialState.Queued, 0)),
            new SweepChange.TrialUpdated(Trial(1, TrialState.Leased, 1), 0),
            new SweepChange.TrialUpdated(Trial(1, TrialState.Running, 1), 1),
            Report(1, 1, 1),
            new SweepChange.TrialUpdated(Trial(1, TrialState.Completed, 1), 1),
        ]);
        Assert.Equal(2, changes.Length);
        Assert.Equal(TrialState.Completed, Assert.IsType<SweepChange.TrialAdded>(changes[0]).Trial.State);
    }

    [Fact]
    public void A_report_under_a_lease_stays_before_the_next_grant()
    {
        var changes = CoalescedChanges.Of(
        [
            new SweepChange.TrialUpdated(Trial(1, TrialState.Running, 1), 1),
            Report(1, 1, 1),
            new SweepChange.TrialUpdated(Trial(1, TrialState.Queued, 1), 1),
            new SweepChange.TrialUpdated(Trial(1, TrialState.Leased, 2), 1),
        ]);
        Assert.Equal([typeof(SweepChange.TrialUpdated), typeof(SweepChange.ReportAdded), typeof(SweepChange.TrialUpdated)], changes.Select(change => change.GetType()));
    }

    [Fact]
    public void The_database_ends_the_same_and_is_fenced_the_same()
    {
        var fenced = 0;
        for (var seed = 0UL; seed < 20_000; seed++)
        {
            var random = new SplitMix64(seed);
            var start = Rows(ref random);
            var leases = start.ToDictionary(row => row.Key, row => row.Value.Lease);
            var changes = new List<SweepChange>();
            for (var steps = 2 + (int)(random.Next() % 12); changes.Count < steps;)
            {
                changes.Add(Change(ref random, leases, changes.Count));
            }

            var plain = Apply(start, changes);
            var coalesced = Apply(start, CoalescedChanges.Of(changes));
            Assert.True(plain == coalesced, $"seed {seed}: {plain}\nbut coalesced {coalesced}\n{string.Join('\n', changes)}");
            fenced += plain == "fenced" ? 1 : 0;
        }

        Assert.InRange(fenced, 1_000, 19_000);
    }

    private static Dictionary<int, (TrialState State, long Lease, int Epoch)> Rows(ref SplitMix64 random) =>
        new() { [1] = (random.Next() % 4 == 0 ? TrialState.Failed : TrialState.Queued, (long)(random.Next() % 2), 0) };

    /// <summary>Mostly one that the rows allow; now and then under a wrong lease.</summary>
    private static SweepChange Change(ref SplitMix64 random, Dictionary<int, long> leases, int step)
    {
        if (leases.TryAdd(2, 0))
        {
            return new SweepChange.TrialAdded(Trial(2, TrialState.Queued, 0, step));
        }

        var trial = random.Next() % 3 == 0 ? 2 : 1;
        var lease = leases[trial] + (random.Next() % 25 == 0 ? 1 : 0);
        TrialState[] states = [TrialState.Queued, TrialState.Leased, TrialState.Running, TrialState.Failed, random.Next() % 3 == 0 ? TrialState.Completed : TrialState.Running];
        switch (random.Next() % 10)
        {
            case 9:
                return new SweepChange.ReportsSuperseded(trial, lease, step);
            case 8:
                return new SweepChange.AttemptEnded(trial, lease, new AttemptRecord(
                    step, "a", null, default, null, default, TrialState.Queued, TransitionCause.Released, null));
            case 0 or 1:
                return Report(trial, lease, step);
            case 2:
                return new SweepChange.CheckpointAdded(trial, lease, 1, new CheckpointFile(step, 0, $"{step}", 1), default);
            case 3:
                return new SweepChange.SweepUpdated(Sweep(step));
            default:
                leases[trial] = lease + (long)(random.Next() % 3 / 2);
                return new SweepChange.TrialUpdated(Trial(trial, states[random.Next() % 5], leases[trial], step), lease);
        }
    }

    private static SweepRecord Sweep(long cursor) => new()
    {
        Id = SweepId.Parse("s-0000"),
        Name = "s",
        State = SweepState.Running,
        Method = "grid",
        Metric = "value",
        Maximize = true,
        Source = "",
        Digest = "",
        Cursor = cursor,
        Created = default,
    };

    /// <summary>What the writer does, as text.</summary>
    private static string Apply(IReadOnlyDictionary<int, (TrialState State, long Lease, int Epoch)> start, IEnumerable<SweepChange> changes)
    {
        var rows = start.ToDictionary();
        var other = new List<string>();
        var cursor = 0L;
        foreach (var change in changes)
        {
            switch (change)
            {
                case SweepChange.SweepUpdated(var sweep):
                    cursor = sweep.Cursor;
                    break;
                case SweepChange.TrialAdded(var trial) when !rows.TryAdd(trial.Number, (trial.State, trial.Lease, trial.Epoch)):
                    return "refused";
                case SweepChange.TrialUpdated(var trial, var held):
                    if (!rows.TryGetValue(trial.Number, out var row) || row.Lease != held || row.State.IsForGood())
                    {
                        return "fenced";
                    }

                    rows[trial.Number] = (trial.State, trial.Lease, trial.Epoch);
                    break;
                case SweepChange.ReportAdded report:
                    if (!rows.TryGetValue(report.Trial, out row) || row.Lease != report.Lease)
                    {
                        return "fenced";
                    }

                    other.Add($"report {report.Trial} {report.Report.Epoch}");
                    break;
                case SweepChange.ReportsSuperseded superseded:
                    if (!rows.TryGetValue(superseded.Trial, out row) || row.Lease != superseded.Lease)
                    {
                        return "fenced";
                    }

                    other.Add($"superseded {superseded.Trial} {superseded.Epoch}");
                    break;
                case SweepChange.CheckpointAdded checkpoint:
                    if (!rows.TryGetValue(checkpoint.Trial, out row) || row.Lease != checkpoint.Lease)
                    {
                        return "fenced";
                    }

                    other.Add($"checkpoint {checkpoint.Trial} {checkpoint.Checkpoint.Digest}");
                    break;
                case SweepChange.AttemptEnded attempt:
                    if (!rows.TryGetValue(attempt.Trial, out row) || row.Lease != attempt.Lease)
                    {
                        return "fenced";
                    }

                    other.Add($"attempt {attempt.Trial} {attempt.Attempt.Number}");
                    break;
            }
        }

        return $"{string.Join(' ', rows.OrderBy(row => row.Key))} {cursor} {string.Join(' ', other)}";
    }

    private static SweepChange.ReportAdded Report(int trial, long lease, int epoch) =>
        new(trial, lease, 1, new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty), default);

    private static TrialRecord Trial(int number, TrialState state, long lease, int epoch = 0) =>
        new() { Number = number, Configuration = number, Parameters = ParameterSet.Empty, Seed = 0, State = state, Lease = lease, Epoch = epoch, Created = default };
}
