using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class ImprovementTests
{
    [Theory]
    [InlineData("gp")]
    [InlineData("auto")]
    public void A_search_ends_when_its_model_expects_too_little_and_a_restart_counts_on(string method)
    {
        var search = Run(method, 0.01, restarts: false);
        var sweep = search.Schedule.Sweep;
        Assert.Equal((SweepState.Completed, SweepCause.Stagnation), (sweep.State, sweep.Cause));
        Assert.Equal("expected_improvement (0.01) reached: 5 proposals in a row promised less of value", sweep.Reason);
        Assert.InRange(search.Schedule.Trials.Count, 9, 60);
        Assert.All(search.Schedule.Trials.Values, trial => Assert.Equal(TrialState.Completed, trial.State));

        var again = Run(method, 0.01, restarts: true);
        Assert.Equal(search.Schedule.Trials.Values.Select(trial => trial.Parameters), again.Schedule.Trials.Values.Select(trial => trial.Parameters));
    }

    [Fact]
    public void A_smaller_limit_searches_longer() =>
        Assert.True(Run("gp", 0.0001, restarts: false).Schedule.Trials.Count > Run("gp", 0.01, restarts: false).Schedule.Trials.Count);

    [Theory]
    [InlineData("method: bayes", "method bayes expects no improvement: only gp and auto have the model for limits.expected_improvement")]
    [InlineData("method: random", "method random expects no improvement")]
    [InlineData("method: auto, early_terminate: {type: median}", "auto searches here with TPE, which compares trials at the same epoch")]
    public void A_method_without_the_model_is_refused(string method, string message)
    {
        var file = SweepFile.Parse(Text(method, 0.01), "s.yaml");
        Assert.Null(file.Definition);
        Assert.Contains(file.Diagnostics, found => found.Message.Contains(message, StringComparison.Ordinal));
    }

    private static Search Run(string method, double limit, bool restarts)
    {
        var search = new Search(Text($"method: {method}", limit));
        while (search.Grant() is { } grant)
        {
            var (x, y) = (grant.Parameters["x"]!.AsReal(), grant.Parameters["y"]!.AsReal());
            search.Report(grant, 1, Math.Pow(x - 0.3, 2) + Math.Pow(y - 0.6, 2));
            search.End(grant);
            if (restarts)
            {
                search.Rebuild();
            }
        }

        return search;
    }

    private static string Text(string method, double limit) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{{{method}, program: none.py, run_cap: 60, metric: {{name: value, goal: minimize}}, limits: {{expected_improvement: {limit}}}, parameters: {{x: {{min: 0.0, max: 1.0}}, y: {{min: 0.0, max: 1.0}}}}}}");
}
