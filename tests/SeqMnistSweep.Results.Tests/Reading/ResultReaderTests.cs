using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Reading;

public sealed class ResultReaderTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Sweeps_are_counted_by_state_the_newest_first()
    {
        _database.Write(
            Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Completed(1, 0.5)), Some.Adding(Some.Completed(2, 0.75)), Some.Adding(Some.Trial(3)),
            Some.Adding(Some.Trial(4) with { State = TrialState.Leased }), Some.Adding(Some.Trial(5) with { State = TrialState.Failed, Cause = FailureCause.Timeout }));
        _database.Write(SweepId.Parse("new-0000"), Some.Adding(Some.Sweep("new-0000") with { Created = Some.Time.AddDays(1) }));

        var sweeps = _database.Reader.Sweeps();

        Assert.Equal(["new-0000", "tcn-7f3k"], sweeps.Select(s => s.Sweep));
        Assert.Equal((0, null), (sweeps[0].Trials, sweeps[0].Best));
        Assert.Equal((5, 2, 1, 1, 1, 0.75), (sweeps[1].Trials, sweeps[1].Completed, sweeps[1].Queued, sweeps[1].Running, sweeps[1].Failed, sweeps[1].Best));
        Assert.Equal("timeout", Assert.Single(_database.Reader.Failures(Some.Id)).Cause);
    }

    [Fact]
    public void A_trial_without_values_may_come_before_one_with_them()
    {
        // Columns of SQLite have no type of their own: the first row must not decide how the others are read.
        _database.Write(
            Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1)), Some.Adding(Some.Completed(2, 1) with { Facts = """{"parameters":96040}""" }),
            Some.Adding(Some.Completed(3, 0.25) with { Facts = "not json" }));

        Assert.Equal([null, 1.0, 0.25], _database.Reader.Trials(Some.Id).Select(t => t.Value));
        Assert.Equal([null, 96040L, null], _database.Reader.Trials(Some.Id).Select(t => t.Parameters));
    }

    [Fact]
    public void The_news_of_a_sweep_are_the_events_that_are_no_routine()
    {
        static SweepChange Moved(TrialState from, TrialState to, int attempt) => new SweepChange.EventAdded(new SweepEvent(
            new Occurrence.TrialMoved(1, attempt, from, to, TransitionCause.Granted), "", "schedule", Some.Time));
        _database.Write(
            Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1)), Moved(TrialState.Queued, TrialState.Leased, 1), Moved(TrialState.Leased, TrialState.Running, 1),
            Moved(TrialState.Running, TrialState.Queued, 1), Moved(TrialState.Queued, TrialState.Leased, 2), Moved(TrialState.Leased, TrialState.Running, 2),
            Moved(TrialState.Running, TrialState.Completed, 2));

        var news = _database.Reader.Events(Some.Id, news: true);
        Assert.Equal(["queued", "running", "completed"], news.Select(row => row.ToState));
        Assert.Equal(_database.Reader.Events(Some.Id).Where(row => !row.IsRoutine), news);
    }

    [Theory]
    [InlineData("tcn-1", "tcn-1")]
    [InlineData("tcn-1a", "tcn-1a")]
    [InlineData("tcn-", "tcn-1,tcn-1a")]
    [InlineData("other", "other-0000")]
    [InlineData("@last", "tcn-1a")]
    [InlineData("nothing", "")]
    [InlineData("", "")]
    [InlineData("tcn%", "")]
    public void A_sweep_is_found_by_its_id_or_the_beginning_of_it(string reference, string expected)
    {
        foreach (var (id, minute) in new[] { ("other-0000", 0), ("tcn-1", 1), ("tcn-1a", 2) })
        {
            var sweep = Some.Sweep() with { Id = SweepId.Parse(id), Created = Some.Time.AddMinutes(minute) };
            _database.Write(sweep.Id, Some.Adding(sweep));
        }

        Assert.Equal(expected, string.Join(',', _database.Reader.FindSweeps(reference).Select(s => s.Sweep).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(SweepState.Queued, true)]
    [InlineData(SweepState.Running, true)]
    [InlineData(SweepState.Paused, true)]
    [InlineData(SweepState.Stopping, true)]
    [InlineData(SweepState.Completed, false)]
    [InlineData(SweepState.Stopped, false)]
    [InlineData(SweepState.Cancelled, false)]
    [InlineData(SweepState.Failed, false)]
    public void An_unfinished_sweep_is_found_by_its_content(SweepState state, bool found)
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep() with { State = state }));

        Assert.Equal(found ? Some.Id : null, _database.Reader.UnfinishedSweep("d1"));
        Assert.Equal(found ? [Some.Id] : [], _database.Reader.UnfinishedSweeps());
        Assert.Null(_database.Reader.UnfinishedSweep("d2"));
    }

    [Fact]
    public void The_last_events_come_in_the_order_in_which_they_happened()
    {
        _database.Write(Some.Id, [Some.Adding(Some.Sweep()), .. Enumerable.Range(1, 9).Select(n =>
            new SweepChange.EventAdded(new SweepEvent(
                n % 2 == 0 ? new Occurrence.SweepChanged() : new Occurrence.ReportMismatch(1, 1), $"{n}", "schedule", Some.Time)))]);

        Assert.Equal(["7", "8", "9"], _database.Reader.Events(Some.Id, last: 3).Select(e => e.Reason));
        Assert.Equal(["7", "9"], _database.Reader.Events(new TrialId(Some.Id, 1), last: 2).Select(e => e.Reason));
        Assert.Null(_database.Reader.Events(Some.Id, last: 2)[0].Trial);
    }
}
