using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class BaselineTests
{
    [Fact]
    public void The_baseline_of_tcn_has_the_notebooks_values_and_those_that_the_file_fixes()
    {
        var sweep = Sweeps.Valid(
            """
            method: auto
            run_cap: 9
            baseline: true
            parameters:
              lr: {min: 0.0001, max: 0.01}
              kernel_size: {values: [3, 5, 7]}
              batch_size: {value: 64}
              hidden: {min: 8, max: 64, default: 25}
            """);
        Assert.Equal("lr=0.002 kernel_size=7 batch_size=64 hidden=25", sweep.Baseline!.ToString());
        var first = SamplerCatalog.Create(sweep).Propose(0, new SearchHistory())!;
        Assert.Equal(sweep.Baseline, first.Parameters);
        Assert.Equal("the baseline: every default", first.Origin);
    }

    [Fact]
    public void A_grid_tries_the_baseline_first_and_once()
    {
        var sweep = Sweeps.Valid("{method: grid, baseline: true, parameters: {kernel_size: {values: [3, 5, 7]}}}");
        var (sampler, tried) = (SamplerCatalog.Create(sweep), new List<ParameterSet>());
        for (var cursor = 0L; sampler.Propose(cursor, new SearchHistory()) is { } proposal; cursor = proposal.NextCursor)
        {
            tried.Add(proposal.Parameters);
        }

        Assert.Equal(["kernel_size=7", "kernel_size=3", "kernel_size=5"], tried.Select(point => point.ToString()));
        Assert.Equal(3, SweepPlan.Of(sweep).Trials);
    }

    [Fact]
    public void Every_parameter_without_a_default_is_named()
    {
        var result = Sweeps.Parse(
            "{method: random, run_cap: 5, baseline: true, program: train.py, metric: {name: loss}, parameters: "
                + "{a: {min: 0.0, max: 1.0}, b: {values: [x, y], default: y}, c: {min: 1, max: 9}}}");
        var finding = Assert.Single(result.Diagnostics, finding => finding.Severity == Severity.Error);
        Assert.Equal("W207", finding.Code);
        Assert.Equal("the baseline is the configuration of defaults, and 'a', 'c' have none", finding.Message);
        Assert.Contains("a: {..., default: 0.5}", finding.Help);
    }

    [Fact]
    public void A_parameter_that_the_defaults_switch_off_needs_none()
    {
        var sweep = Sweeps.Valid(
            "{method: random, run_cap: 5, baseline: true, program: train.py, metric: {name: loss}, parameters: {optimizer: "
                + "{values: [adam, sgd], default: adam}, nested: {parameters: {depth: {min: 1, max: 5, default: 2}}}, "
                + "momentum: {min: 0.1, max: 0.9, when: {optimizer: sgd}}}}");
        Assert.Equal("optimizer=adam nested={\"depth\":2}", sweep.Baseline!.ToString());
    }

    [Theory]
    [InlineData("lr: {min: 0.1, max: 1.0, default: fast}", "W114")]
    [InlineData("lr: {min: 0.1, max: 1.0, default: .nan}", "W114")]
    [InlineData("lr: {value: 0.1, default: 0.2}", "W104")]
    public void A_default_that_is_no_value_of_the_parameter_is_refused(string parameter, string code) =>
        Assert.Contains(
            Sweeps.Parse($"{{method: random, run_cap: 5, program: train.py, metric: {{name: loss}}, parameters: {{{parameter}}}}}").Diagnostics,
            finding => finding.Code == code);

    [Fact]
    public void A_baseline_that_breaks_a_rule_is_refused()
    {
        var result = Sweeps.Parse(
            "{method: grid, baseline: true, parameters: {levels: {values: [6, 8], default: 6}, kernel_size: {values: [7]}}}");
        Assert.Contains(result.Diagnostics, finding => finding.Code == "W208" && finding.Message.StartsWith("the baseline breaks", StringComparison.Ordinal));
    }

    [Fact]
    public void An_enqueued_point_that_is_the_baseline_is_tried_once()
    {
        var sweep = Sweeps.Valid(
            "{method: random, run_cap: 5, baseline: true, parameters: {lr: {min: 0.001, max: 0.1}}, enqueue: [{lr: 0.002}, {lr: 0.01}]}");
        Assert.Equal(["lr=0.002", "lr=0.01"], sweep.Enqueue.Select(point => point.ToString()));
    }

    [Fact]
    public void An_enqueued_point_may_leave_out_what_has_a_default_in_the_file()
    {
        var sweep = Sweeps.Valid(
            "{method: random, run_cap: 5, program: train.py, metric: {name: loss}, parameters: {a: {min: 0.0, max: 1.0, default: 0.3}, "
                + "b: {min: 1, max: 9}}, enqueue: [{b: 2}]}");
        Assert.Equal("a=0.3 b=2", sweep.Enqueue[0].ToString());
    }
}
