using System.Collections.Immutable;
using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Grains;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Watching;

public sealed class SweepScreenTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly Line[] Foot = [new Line("keys")];

    [Theory]
    [InlineData(80, 24)]
    [InlineData(140, 40)]
    [InlineData(30, 8)]
    [InlineData(300, 100)]
    [InlineData(1, 1)]
    public void A_screen_is_as_tall_as_the_terminal_and_never_wider(int width, int height)
    {
        var lines = Lines(Status(running: 60, top: 10), width, height);
        Assert.Equal(height, lines.Count);
        Assert.Equal("keys", lines[^1].Text);
        Assert.All(lines, line => Assert.True(Shown(line.ToMarkup(width, unicode: true)).Length <= Math.Max(1, width)));
    }

    [Fact]
    public void It_says_how_far_the_sweep_is_and_when_it_ends()
    {
        var lines = Lines(Status(running: 2, top: 1) with { SecondsLeft = 185, SecondsSpread = 20 }, 100, 30);
        Assert.Equal("s-0000  running  1:00, about 3:05 left +- 20 s", lines[0].Text);
        Assert.Equal(99, lines[1].Text.Length);
        Assert.Equal("5 of 100 trials ended, 5 %  4 completed  1 failed  2 running  93 to come", lines[2].Text);
    }

    [Fact]
    public void A_trial_has_its_worker_where_there_are_several_and_its_parameters_with_four_digits()
    {
        var text = Text(Status(running: 2, top: 0), 140, 30);
        Assert.Contains("worker", text, StringComparison.Ordinal);
        Assert.Contains("0.02451", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0.024511", text, StringComparison.Ordinal);
        Assert.DoesNotContain("worker", Text(Status(running: 1, top: 0), 140, 30), StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_that_wait_at_a_worker_do_not_run()
    {
        var status = Status(running: 3, top: 0);
        status = status with { Running = [.. status.Running.Select((one, i) => one with { Waits = i > 0 })], };
        Assert.Equal([1], SweepScreen.Choices(status));
        Assert.Contains("and 2 more that run or wait at a worker", Text(status, 100, 30), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chosen_trial_is_marked_and_in_sight()
    {
        var lines = Lines(Status(running: 60, top: 10), 100, 24, chosen: 40);
        var marked = Assert.Single(lines, line => line.Text.StartsWith('>'));
        Assert.Contains("#40", marked.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_gets_no_control_character_of_an_author()
    {
        var happened = new StatusEvent(1, 1, "state", "failed", "bad \u001b[2J text", Start);
        var lines = new SweepScreen(null, unicode: true).Lines(Status(1, 0), [happened], null, (80, 24), Foot);
        Assert.All(lines, line => Assert.DoesNotContain('\u001b', line.ToMarkup(80, unicode: true)));
    }

    private static SweepStatus Status(int running, int top) => new()
    {
        Sweep = SweepId.Parse("s-0000"),
        State = SweepState.Running,
        Metric = "val_accuracy",
        Planned = 100,
        Started = Start.AddMinutes(-1),
        RanSeconds = 60,
        Counts = ImmutableSortedDictionary<TrialState, int>.Empty.Add(TrialState.Completed, 4).Add(TrialState.Failed, 1).Add(TrialState.Running, running),
        Running = [.. Enumerable.Range(1, running).Select(n => new RunningTrial(Trial(n), n % 2 == 0 ? "one" : "two", 1, new TrialProgress(2, 4, 16, 32, 2.3, 65.6, 12)))],
        Top = [.. Enumerable.Range(1000, top).Select(Trial)],
    };

    private static TrialSummary Trial(int number) => new(number, 0.9, 2, ParameterSet.FromJson($$"""{"lr": 0.0245{{number}}1326503524427, "hidden": {{number}}}"""), 1);

    private static IReadOnlyList<Line> Lines(SweepStatus status, int width, int height, int? chosen = null) =>
        new SweepScreen(null, unicode: true).Lines(status, [], chosen, (width, height), Foot);

    private static string Text(SweepStatus status, int width, int height) => string.Join('\n', Lines(status, width, height).Select(line => line.Text));

    private static string Shown(string markup) => Spectre.Console.Markup.Remove(markup);
}
