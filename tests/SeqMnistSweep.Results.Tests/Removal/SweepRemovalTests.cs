using Dapper;
using SeqMnistSweep.Results.Access;
using SeqMnistSweep.Results.Removal;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Removal;

public sealed class SweepRemovalTests : IDisposable
{
    private static readonly SweepId Other = SweepId.Parse("tcn-0000");

    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_head_that_ends_after_any_step_leaves_the_sweep_gone_and_the_next_one_takes_away_the_rest(int steps)
    {
        Add(Some.Id, trials: 450);
        Add(Other, trials: 3);
        Assert.True(Begin());
        for (var i = 0; i < steps; i++)
        {
            Removal().StepAsync(Some.Id).Soon();
        }

        _database.Restart();
        Assert.Null(_database.Reader.Sweep(Some.Id));
        Assert.Null(_database.Reader.LoadSweep(Some.Id));
        Assert.Empty(_database.Reader.FindSweeps("tcn-7"));
        Assert.Equal([Other.Value], _database.Reader.Sweeps().Select(sweep => sweep.Sweep));
        Assert.Equal(0, RowsInViews(Some.Id));

        foreach (var left in Removal().Unfinished())
        {
            RemoveAll(left);
        }

        Assert.Equal(0, RowsInTables(Some.Id));
        Assert.Equal(3, _database.Reader.Sweep(Other)!.Completed);
        Assert.Equal(3, _database.Reader.Leaderboard(Other).Count);
    }

    [Fact]
    public void A_sweep_that_has_not_ended_stays()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()));

        Assert.False(Begin());
        Assert.NotNull(_database.Reader.Sweep(Some.Id));
        Assert.Empty(new AuditStore(_database.Writer, _database.Path).Last(10));
    }

    [Fact]
    public void The_audit_says_who_did_it()
    {
        Add(Some.Id, trials: 1);
        Begin();

        var entry = Assert.Single(new AuditStore(_database.Writer, _database.Path).Last(10));
        Assert.Equal(("ada", "sweep delete", "tcn-7f3k", "done"), (entry.Who, entry.Action, entry.Target, entry.Outcome));
    }

    [Fact]
    public void Numbers_of_events_are_never_given_again()
    {
        Add(Other, trials: 1);
        Add(Some.Id, trials: 1);
        var last = _database.Reader.LastEvent();
        Begin();
        RemoveAll(Some.Id);
        _database.Write(Other, Event());

        Assert.Equal(last + 1, _database.Reader.LastEvent());
        RemoveAll(Some.Id);
        Assert.Equal(0, RowsInTables(Some.Id));
    }

    [Fact]
    public void A_late_word_of_a_schedule_does_not_bring_it_back()
    {
        Add(Some.Id, trials: 1);
        Begin();

        Assert.ThrowsAny<Exception>(() => _database.Write(Some.Id, new SweepChange.SweepUpdated(Some.Sweep())));
        Assert.Null(_database.Reader.Sweep(Some.Id));
    }

    private static SweepChange.EventAdded Event() =>
        new(new SweepEvent(new Occurrence.SweepChanged(), "because", "ada", Some.Time));

    private SweepRemoval Removal() => new(_database.Writer, _database.Path);

    private bool Begin() => Removal()
        .BeginAsync(Some.Id, new AuditEntry("ada", null, null, "sweep delete", Some.Id.Value, "done"), Some.Time).Soon();

    private void RemoveAll(SweepId sweep)
    {
        while (Removal().StepAsync(sweep).Soon())
        {
        }
    }

    private void Add(SweepId id, int trials)
    {
        var sweep = Some.Sweep(id.Value) with { State = SweepState.Completed, Finished = Some.Time.AddHours(1) };
        _database.Write(id, [
            Some.Adding(sweep),
            .. Enumerable.Range(1, trials).SelectMany(n => new[]
            {
                Some.Adding(Some.Completed(n, 0.5 + (n / 1000.0))),
                Some.Reporting(n, 1, Some.Report(1)),
                new SweepChange.CheckpointAdded(n, 1, 1, Some.Checkpoint(1), Some.Time),
            }),
            Event(),
        ]);
    }

    private long RowsInViews(SweepId sweep)
    {
        using var connection = _database.Foreign();
        return new[] { "sweeps", "trials", "attempts", "reports", "steps", "superseded_reports", "checkpoints", "events", "leaderboard", "pareto" }
            .Sum(view => connection.ExecuteScalar<long>($"select count(*) from {view} where sweep = @id", new { id = sweep.Value }));
    }

    private long RowsInTables(SweepId sweep)
    {
        using var connection = _database.Foreign();
        return connection.ExecuteScalar<long>(
            """
            select (select count(*) from sweep where id = @id) + (select count(*) from trial where sweep = @id)
              + (select count(*) from event where sweep = @id) + (select count(*) from standing where sweep = @id)
              + (select count(*) from tally where sweep = @id)
              + (select count(*) from report where trial not in (select key from trial))
              + (select count(*) from checkpoint where trial not in (select key from trial))
            """,
            new { id = sweep.Value });
    }
}
