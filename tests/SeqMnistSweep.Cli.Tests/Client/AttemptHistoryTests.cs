using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Cli.Tests.Client;

public sealed class AttemptHistoryTests
{
    [Fact]
    public void Every_grant_begins_an_attempt_and_leaving_the_worker_ends_it()
    {
        var attempts = AttemptHistory.Of(
        [
            Event(1, "queued", "leased", "granted to a", "a"),
            Event(2, "leased", "running", "attempt 1 started", "a"),
            Event(3, "running", "queued", "a was lost", "schedule"),
            Event(4, "queued", "leased", "granted to b", "b"),
            Event(5, "leased", "queued", "never started", "schedule"),
            Event(6, null, null, "a note", "ada@lab"),
            Event(7, "queued", "leased", "granted to c", "c"),
        ]);

        Assert.Equal(
            [
                new AttemptHistory(1, "a", "t1", "t2", "t3", "queued", "a was lost"),
                new AttemptHistory(2, "b", "t4", null, "t5", "queued", "never started"),
                new AttemptHistory(3, "c", "t7", null, null, null, "granted to c"),
            ],
            attempts);
    }

    [Fact]
    public void A_log_that_begins_in_the_middle_is_no_error() => Assert.Empty(AttemptHistory.Of([Event(1, "running", "completed", "the end", "a")]));

    private static EventRow Event(int number, string? from, string? to, string reason, string by) => new()
    {
        Event = number,
        Sweep = "tcn",
        Kind = "state",
        FromState = from,
        ToState = to,
        Reason = reason,
        Actor = by,
        Time = $"t{number}",
    };
}
