using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Writing;

public sealed class AttemptTests : IDisposable
{
    private static readonly TrialRecord Leased = Some.Trial(1) with
    {
        State = TrialState.Leased,
        Lease = 1,
        Attempts = 1,
        Worker = "a",
        Incarnation = "a@1",
        Device = "cpu",
        Granted = Some.Time,
    };

    private static readonly TrialRecord Running = Leased with { State = TrialState.Running, Started = Some.Time.AddSeconds(60), AttemptStarted = Some.Time.AddSeconds(60) };

    private readonly TestDatabase _database = new();

    public AttemptTests() => _database.Write(Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Leased));

    public void Dispose() => _database.Dispose();

    [Fact]
    public void A_lease_under_which_nothing_runs_yet_is_no_attempt() => Assert.Empty(Attempts());

    [Fact]
    public void An_attempt_that_runs_has_no_end_yet()
    {
        _database.Write(Some.Id, new SweepChange.TrialUpdated(Running, 1));
        Assert.Equal([(1, "a", "2026-11-23T10:00:00.000Z", "2026-11-23T10:01:00.000Z", null, null, null)], Attempts());
    }

    [Fact]
    public void One_that_has_ended_says_how_and_why()
    {
        _database.Write(Some.Id, new SweepChange.TrialUpdated(Running, 1));
        var outcome = _database.Write(Some.Id, Ended(1), new SweepChange.TrialUpdated(Running with { State = TrialState.Queued, AttemptStarted = null }, 1));

        Assert.Equal(WriteOutcome.Applied, outcome);
        Assert.Equal(
            [(1, "a", "2026-11-23T10:00:00.000Z", "2026-11-23T10:01:00.000Z", "2026-11-23T10:03:00.000Z", "queued", "crashed")],
            Attempts());
    }

    [Fact]
    public void The_one_that_ended_its_trial_for_good_is_read_from_the_trials_row()
    {
        _database.Write(Some.Id, new SweepChange.TrialUpdated(Running, 1));
        _database.Write(Some.Id, new SweepChange.TrialUpdated(
            Running with { State = TrialState.Completed, StateCause = TransitionCause.Finished, Finished = Some.Time.AddSeconds(180) }, 1));

        Assert.Equal(
            [(1, "a", "2026-11-23T10:00:00.000Z", "2026-11-23T10:01:00.000Z", "2026-11-23T10:03:00.000Z", "completed", "finished")],
            Attempts());
    }

    [Fact]
    public void One_of_a_lease_that_is_no_longer_the_trials_is_refused_with_all_that_comes_with_it()
    {
        _database.Write(Some.Id, new SweepChange.TrialUpdated(Running with { Lease = 2, Attempts = 2 }, 1));
        Assert.Equal(WriteOutcome.Fenced, _database.Write(Some.Id, Ended(1)));
        Assert.Equal([2L], Attempts().Select(attempt => attempt.Number));
    }

    [Fact]
    public void A_sweep_ran_while_one_of_its_attempts_did()
    {
        Assert.Equal(0, Ran(0));
        _database.Write(
            Some.Id, Some.Adding(Some.Trial(2) with { Lease = 1 }), Some.Adding(Some.Trial(3) with { Lease = 1 }), Attempt(2, 60, 180), Attempt(2, 100, 120),
            Attempt(3, 150, 200), Attempt(3, 1000, 1010));
        Assert.Equal(140 + 10, Ran(5000), 3);

        _database.Write(Some.Id, new SweepChange.TrialUpdated(Running with { AttemptStarted = Some.Time.AddSeconds(2000) }, 1));
        Assert.Equal(140 + 10 + 30, Ran(2030), 3);
    }

    [Fact]
    public void A_lost_attempt_ran_until_its_last_report()
    {
        _database.Write(Some.Id, new SweepChange.ReportAdded(1, 1, 1, EpochReport.FromJson(1, """{"value":1}"""), Some.Time.AddSeconds(90)), Lost(60, 5000));
        Assert.Equal(30, Ran(9000), 3);
    }

    private int _attempts;

    private double Ran(int now) => _database.Reader.RanSeconds(Some.Id, Some.Time.AddSeconds(now));

    private SweepChange.AttemptEnded Attempt(int trial, int started, int ended) => new(trial, 1, new AttemptRecord(
        ++_attempts, "a", "cpu", Some.Time, Some.Time.AddSeconds(started), Some.Time.AddSeconds(ended), TrialState.Queued, TransitionCause.Released, null));

    private static SweepChange.AttemptEnded Lost(int started, int ended) => new(1, 1, new AttemptRecord(
        1, "a", "cpu", Some.Time, Some.Time.AddSeconds(started), Some.Time.AddSeconds(ended), TrialState.Queued, TransitionCause.Failed, FailureCause.WorkerLost));

    private static SweepChange.AttemptEnded Ended(long lease) => new(1, lease, new AttemptRecord(
        1, "a", "cpu", Some.Time, Some.Time.AddSeconds(60), Some.Time.AddSeconds(180), TrialState.Queued, TransitionCause.Failed, FailureCause.Crashed));

    private List<(long Number, string Worker, string Granted, string? Started, string? Ended, string? Outcome, string? Cause)> Attempts() =>
    [
        .. _database.Reader.Attempts(new TrialId(Some.Id, 1))
            .Select(row => (row.Attempt, row.Worker, row.Granted, row.Started, row.Ended, row.Outcome, row.Cause)),
    ];
}
