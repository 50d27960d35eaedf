using SeqMnistSweep.Pruning;
using SeqMnistSweep.Simulation;
using SeqMnistSweep.Tests.Simulation;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

public sealed class RungReportTests
{
    [Fact]
    public void An_order_that_holds_has_a_correlation_of_one()
    {
        var report = Of(1, [.. Enumerable.Range(1, 8).Select(i => new double[] { i, i + 1, i + 2 })]);

        Assert.Equal(1, report.Correlation);
        Assert.False(report.TellsNothing);
        Assert.Equal("epoch 1: of 8 trials 8 went on, 0 epochs saved; rank correlation with later epochs 1.00 (8 curves)", report.ToString());
    }

    [Fact]
    public void An_order_that_turns_round_tells_nothing()
    {
        var report = Of(1, [.. Enumerable.Range(1, 8).Select(i => new double[] { i, 20 - i })]);

        Assert.Equal(-1, report.Correlation);
        Assert.Contains("it tells nothing here: rank correlation with later epochs -1.00", report.ToString());
    }

    /// <summary>Of four curves 4 of 6 pairs agree: tau is 1/3, and its standard deviation without any correlation sqrt(26 / 108).</summary>
    [Fact]
    public void A_correlation_that_chance_explains_tells_nothing()
    {
        var report = Of(1, [1, 2], [2, 1], [3, 4], [4, 3]);

        Assert.Equal(1 / 3.0, report.Correlation!.Value, 12);
        Assert.Equal(2 * Math.Sqrt(26 / 108.0), report.ChanceBound!.Value, 12);
        Assert.True(report.TellsNothing);
    }

    [Fact]
    public void Two_curves_are_compared_as_far_as_the_shorter_one_goes()
    {
        // The long ones are the best in the end only; where the short ones end, the order is that of epoch 1.
        var report = Of(1, [1, 1, 9], [2, 2, 10], [3, 3], [4, 4]);

        Assert.Equal(1, report.Correlation);
    }

    [Fact]
    public void Curves_that_end_at_the_rung_or_have_no_value_are_not_compared()
    {
        var report = Of(2, [1, 1], [1, 2, 3], [double.NaN, double.NaN, 4], [1, 2, double.NaN], [1, 3, 4], [2, 4, 5]);

        Assert.Equal(4, report.Compared); // where the rung was not reported, the first value after it counts
        Assert.Null(Of(2, [1, 1], [1, 2, 3], [1, 3, 4], [2, 4, 5]).Correlation);
        Assert.Contains("3 curves are too few", Of(2, [1, 1], [1, 2, 3], [1, 3, 4], [2, 4, 5]).ToString());
    }

    [Fact]
    public void Who_stays_at_a_rung_saves_the_epochs_to_its_end()
    {
        var reports = RungReport.Of([1, 4, 16], [(1, 9), (1, 9), (4, 9), (9, 9), (4, 4)], []);

        Assert.Equal(
            [(1, 5, 3, 16), (4, 2, 1, 5)],
            reports.Select(report => (report.Epoch, report.Reached, report.Beyond, report.Saved)));
    }

    [Fact]
    public void Who_ends_between_two_rungs_was_stopped_by_the_lower_one()
    {
        var reports = RungReport.Of([1, 4], [(2, 9), (3, 3), (6, 9), (9, 9)], []);

        Assert.Equal(
            [(1, 4, 3, 7), (4, 2, 1, 3)],
            reports.Select(report => (report.Epoch, report.Reached, report.Beyond, report.Saved)));
    }

    [Theory]
    [InlineData("{type: asha, eta: 3}")]
    [InlineData("{type: hyperband, min_iter: 1, eta: 3}")]
    public void What_a_simulated_sweep_trained_and_saved_is_all_that_was_recorded(string pruner)
    {
        var (curves, definition) = (RealCurves.Of(1), RealCurves.Definition($"early_terminate: {pruner}"));
        var result = new SweepSimulation(definition, curves, 4, 1).Run();
        var reports = SimulatedRungs.Of(definition, result, curves);

        Assert.Equal(curves.Sum(curve => curve.Values.Length), result.Epochs.Length + reports.Sum(report => report.Saved));
        Assert.All(reports, report => Assert.Equal(curves.Length, report.Compared));
        Assert.True(reports[0].Correlation < reports[^1].Correlation, string.Join("; ", reports));
        Assert.Empty(SimulatedRungs.Of(RealCurves.Definition("early_terminate: {type: median}"), result, curves));
    }

    private static RungReport Of(int rung, params double[][] curves) => Assert.Single(RungReport.Of(
        [rung],
        [.. curves.Select(curve => (curve.Length, curve.Length))],
        [.. curves.Select((curve, i) => new LearningCurve(i + 1, TrialState.Completed, curve))]));
}
