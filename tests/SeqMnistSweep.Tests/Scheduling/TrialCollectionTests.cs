using System.Reflection;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>One of them measures the memory of the whole process.</summary>
[Collection("alone")]
public sealed class TrialCollectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void An_ended_trial_that_is_packed_comes_back_whole()
    {
        var trial = Full(1);
        Assert.All(typeof(TrialRecord).GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.NotNull(property.GetValue(trial)));
        var book = new TrialCollection(packs: true);

        book.Put(trial);

        Assert.NotSame(trial, book[1]);
        Assert.Equal(trial, book[1]);
        Assert.Empty(book.Whole);
    }

    [Fact]
    public void What_a_trial_has_not_is_not_there_when_it_comes_back()
    {
        var trial = new TrialRecord { Number = 1, Configuration = 1, Parameters = ParameterSet.Empty, Seed = -3, State = TrialState.Cancelled, Created = Now };
        var book = new TrialCollection(packs: true);

        book.Put(trial);

        Assert.Equal(trial, book[1]);
    }

    [Fact]
    public void A_failed_trial_that_is_tried_again_is_kept_whole_until_it_ends()
    {
        var book = new TrialCollection(packs: true);
        book.Put(Full(1) with { State = TrialState.Failed });
        book.Put(Full(2));
        var again = Full(1) with { State = TrialState.Queued, Message = null };

        book.Put(again);

        Assert.Same(again, book[1]);
        Assert.Equal([again], book.Whole);
        book.Put(Full(1) with { Attempts = 9 });
        Assert.Equal(9, book[1].Attempts);
        Assert.Equal([1, 2], book.Keys);
        Assert.Equal([1, 2], book.Values.Select(trial => trial.Number));
    }

    [Fact]
    public void Nothing_is_packed_where_ended_trials_are_looked_at_all_the_time()
    {
        var trial = Full(1);
        var book = new TrialCollection(packs: false);

        book.Put(trial);

        Assert.Same(trial, book[1]);
    }

    [Fact]
    public void Numbers_have_no_gap()
    {
        var book = new TrialCollection(packs: true);

        Assert.Throws<InvalidOperationException>(() => book.Put(Full(2)));
        Assert.False(book.TryGetValue(0, out _));
        Assert.Throws<KeyNotFoundException>(() => book[1]);
    }

    [Fact]
    public void Many_packed_trials_take_a_quarter_of_a_kilobyte_each()
    {
        const int trials = 20_000;
        var book = new TrialCollection(packs: true);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var number = 1; number <= trials; number++)
        {
            book.Put(Full(number) with
            {
                Facts = null, Message = null, Checkpoint = null, EarlierCheckpoint = null, BestCheckpoint = null, AttemptStarted = null, LeaseLife = null,
            });
        }

        Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - before) / trials, 0, 256);
        Assert.Equal(777, book[777].Number);
    }

    private static TrialRecord Full(int number) => new()
    {
        Number = number,
        Configuration = number,
        Parameters = ParameterSet.FromJson("""{"lr":0.0020000000000000005,"levels":8,"optimizer":"Adam","nested":{"a":[1,2.5,null,true]}}"""),
        Seed = 1111,
        Origin = $"random draw {number}",
        State = TrialState.Completed,
        StateCause = TransitionCause.Finished,
        Cause = FailureCause.Invalid,
        Message = "größer als möglich",
        Lease = 1L << 40,
        Attempts = 2,
        Failures = 1,
        LossesInARow = 1,
        Epoch = 5,
        Value = -0.25,
        ValueEpoch = 4,
        TestLoss = double.PositiveInfinity,
        TestAccuracy = 0.9,
        Checkpoint = new CheckpointFile(5, 3, "abc", 1L << 33, "last.pt"),
        EarlierCheckpoint = new CheckpointFile(4, 0, "def", 12),
        BestCheckpoint = new CheckpointFile(2, 0, "ghi", 12, "best/"),
        Alone = true,
        Worker = "one",
        Incarnation = "S127.0.0.1:11111:5",
        Device = "cpu",
        LeaseLife = TimeSpan.FromMinutes(1),
        Facts = """{"parameters":"96040"}""",
        NotBefore = Now.AddSeconds(1),
        Created = Now,
        Started = Now.AddSeconds(2),
        AttemptStarted = Now.AddSeconds(2.75),
        RunSeconds = 1.5,
        Finished = Now.AddSeconds(3),
        Granted = Now.AddSeconds(2.5),
    };
}
