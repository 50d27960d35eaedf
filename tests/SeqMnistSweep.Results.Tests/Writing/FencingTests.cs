using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Writing;

public sealed class FencingTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public FencingTests() => _database.Write(
        Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1) with { State = TrialState.Running, Lease = 2 }), Some.Adding(Some.Trial(2)));

    public void Dispose() => _database.Dispose();

    [Fact]
    public void A_report_under_an_older_lease_is_fenced()
    {
        Assert.Equal(WriteOutcome.Fenced, _database.Write(Some.Id, Some.Reporting(1, 1, Some.Report(1))));
        Assert.Empty(_database.Reader.Reports(new TrialId(Some.Id, 1)));
    }

    [Fact]
    public void A_checkpoint_under_an_older_lease_is_fenced()
    {
        Assert.Equal(WriteOutcome.Fenced, _database.Write(Some.Id, new SweepChange.CheckpointAdded(1, 1, 1, Some.Checkpoint(1), Some.Time)));
        Assert.Empty(_database.Reader.Checkpoints(new TrialId(Some.Id, 1)));
    }

    [Fact]
    public void A_fenced_change_takes_its_whole_batch_with_it_and_no_other()
    {
        var event1 = new SweepChange.EventAdded(new SweepEvent(
            new Occurrence.TrialMoved(1, 1, TrialState.Running, TrialState.Completed, TransitionCause.Finished), "done", "schedule", Some.Time));
        var fenced = _database.Writer.WriteAsync(Some.Id, [event1, Some.Reporting(1, 2, Some.Report(1)), Some.Reporting(1, 1, Some.Report(2))]);
        var applied = _database.Writer.WriteAsync(Some.Id, [Some.Reporting(1, 2, Some.Report(3))]);

        Assert.Equal(WriteOutcome.Fenced, fenced.Soon());
        Assert.Equal(WriteOutcome.Applied, applied.Soon());
        Assert.Equal([3L], _database.Reader.Reports(new TrialId(Some.Id, 1)).Select(r => r.Epoch));
        Assert.Empty(_database.Reader.Events(Some.Id));
    }

    [Fact]
    public void The_lease_that_a_batch_grants_holds_for_the_rest_of_it()
    {
        var granted = Some.Trial(2) with { State = TrialState.Leased, Lease = 1 };

        Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, new SweepChange.TrialUpdated(granted, 0), Some.Reporting(2, 1, Some.Report(1))));
        Assert.Equal(WriteOutcome.Fenced, _database.Write(Some.Id, new SweepChange.TrialUpdated(granted, 0)));
    }

    [Theory]
    [InlineData(TrialState.Queued, WriteOutcome.Applied)]
    [InlineData(TrialState.Leased, WriteOutcome.Applied)]
    [InlineData(TrialState.Running, WriteOutcome.Applied)]
    [InlineData(TrialState.Paused, WriteOutcome.Applied)]
    [InlineData(TrialState.Failed, WriteOutcome.Applied)]
    [InlineData(TrialState.Completed, WriteOutcome.Fenced)]
    [InlineData(TrialState.Pruned, WriteOutcome.Fenced)]
    [InlineData(TrialState.Cancelled, WriteOutcome.Fenced)]
    public void A_trial_in_a_final_state_is_never_changed_again(TrialState state, WriteOutcome expected)
    {
        _database.Write(Some.Id, Some.Adding(Some.Trial(3) with { State = state, Lease = 4 }));

        var outcome = _database.Write(Some.Id, new SweepChange.TrialUpdated(Some.Trial(3) with { State = TrialState.Queued, Lease = 5 }, 4));

        Assert.Equal(expected, outcome);
        Assert.Equal(expected == WriteOutcome.Fenced ? state.ToName() : "queued", _database.Reader.Trial(new TrialId(Some.Id, 3))!.State);
    }

    [Fact]
    public void What_is_told_of_an_epoch_takes_the_place_of_what_was_told_before()
    {
        Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, Some.Reporting(1, 2, Some.Report(1, accuracy: 0.5))));
        Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, Some.Reporting(1, 2, Some.Report(1, accuracy: 0.75))));

        Assert.Equal(0.75, Assert.Single(_database.Reader.Reports(new TrialId(Some.Id, 1))).ValAccuracy);
    }

    [Fact]
    public void What_earlier_attempts_reported_beyond_a_checkpoint_is_set_aside_and_can_be_read()
    {
        _database.Write(Some.Id, Some.Reporting(1, 2, Some.Report(1, 0.5)), Some.Reporting(1, 2, Some.Report(2, 0.6)), Some.Reporting(1, 2, Some.Report(3, 0.7)));
        Assert.Equal(WriteOutcome.Fenced, _database.Write(Some.Id, new SweepChange.ReportsSuperseded(1, 1, 1)));
        Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, new SweepChange.ReportsSuperseded(1, 2, 1), Some.Reporting(1, 2, Some.Report(2, 0.1))));

        Assert.Equal([(1L, 0.5), (2L, 0.1)], _database.Reader.Reports(new TrialId(Some.Id, 1)).Select(report => (report.Epoch, report.ValAccuracy!.Value)));
        Assert.Equal([(2L, 1L), (3L, 1L)], _database.Reader.SupersededReports(new TrialId(Some.Id, 1)).Select(report => (report.Epoch, report.Attempt)));
    }

    [Fact]
    public void Random_writers_never_get_past_a_newer_lease()
    {
        // A model of one trial beside the real one: whatever the order of grants and reports, both agree on every outcome.
        var random = new Random(17);
        long lease = 2;
        var reported = new HashSet<int>();
        for (var step = 0; step < 300; step++)
        {
            if (random.Next(4) == 0)
            {
                var held = lease - random.Next(2);
                var next = Some.Trial(1) with { State = TrialState.Leased, Lease = held + 1 };
                var outcome = _database.Write(Some.Id, new SweepChange.TrialUpdated(next, held));
                Assert.Equal(held == lease ? WriteOutcome.Applied : WriteOutcome.Fenced, outcome);
                lease = held == lease ? held + 1 : lease;
            }
            else
            {
                var held = lease - random.Next(3);
                var epoch = 1 + random.Next(60);
                Assert.Equal(held == lease ? WriteOutcome.Applied : WriteOutcome.Fenced, _database.Write(Some.Id, Some.Reporting(1, held, Some.Report(epoch))));
                if (held == lease)
                {
                    reported.Add(epoch);
                }
            }
        }

        Assert.Equal(reported.Order(), _database.Reader.Reports(new TrialId(Some.Id, 1)).Select(r => (int)r.Epoch));
    }
}
