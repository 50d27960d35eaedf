using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Plots;

namespace SeqMnistSweep.Cli.Tests.Plots;

public sealed class TimelinePlotTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Attempts_at_the_same_time_have_lines_of_their_own_and_lines_are_used_again()
    {
        var lines = Drawn(
            Attempt("one", 1, 0, 40, "completed"), Attempt("one", 2, 0, 20, "pruned"), Attempt("one", 3, 20, 40, "failed"),
            Attempt("two", 4, 10, null, null));
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("4 attempts of s-0001 on 2 workers, 40 s", lines[0], StringComparison.Ordinal);
        Assert.Equal("one |#1######################################", lines[1]);
        Assert.Equal("    |=2==================-3------------------", lines[2]);
        Assert.Equal("two |          #4############################", lines[3]);
    }

    private static string[] Drawn(params PlottedAttempt[] attempts)
    {
        var text = new StringWriter();
        TimelinePlot.Of("s-0001", attempts, Time.AddSeconds(40)).Draw(text, new ConsoleProfile(true, false, false, false, 46));
        return text.ToString().Split(Environment.NewLine);
    }

    private static PlottedAttempt Attempt(string worker, int number, int from, int? to, string? outcome) => new(
        worker, number, 1, Time.AddSeconds(from), to is { } end ? Time.AddSeconds(end) : null, outcome);
}
