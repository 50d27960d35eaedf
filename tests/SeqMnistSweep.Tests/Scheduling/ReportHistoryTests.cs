using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class ReportHistoryTests
{
    private static readonly MetricGoal Loss = SweepFile.Parse("{program: noop, method: grid, metric: {name: value}, parameters: {x: {values: [1]}}}", "r.yaml").Definition!.Metric;

    [Fact]
    public void A_curve_is_the_larger_the_better_and_has_no_number_where_there_was_none()
    {
        var book = new ReportHistory([Loss], keepsCurves: true);
        book.Add(Trial(TrialState.Running), Report(1, "value", 0.5));
        book.Add(Trial(TrialState.Running), Report(3, "value", 0.25));
        book.Add(Trial(TrialState.Running), Report(4, "accuracy", 0.9));

        Assert.Equal([-0.5, double.NaN, -0.25, double.NaN], book.CurveOf(1));
        Assert.Equal([1], book.WithCurve);
        Assert.Empty(book.CurveOf(2));
    }

    [Fact]
    public void Of_an_ended_trial_the_curve_alone_stays_and_of_a_failed_one_the_words_too()
    {
        var book = new ReportHistory([Loss], keepsCurves: true);
        book.Add(Trial(TrialState.Running), Report(1, "value", 0.5));

        book.End(Trial(TrialState.Failed));
        Assert.NotNull(book.Find(1, 1));
        book.End(Trial(TrialState.Completed));
        Assert.Null(book.Find(1, 1));
        Assert.Equal([-0.5], book.CurveOf(1));
    }

    [Fact]
    public void What_no_longer_counts_is_neither_a_report_nor_part_of_the_curve()
    {
        var book = new ReportHistory([Loss], keepsCurves: true);
        foreach (var epoch in Enumerable.Range(1, 4))
        {
            book.Add(Trial(TrialState.Running), Report(epoch, "value", epoch));
        }

        book.Supersede(1, 2);
        Assert.Equal([1, 2], book.Of(1).Select(report => report.Epoch));
        Assert.Equal([-1.0, -2.0], book.CurveOf(1));
        Assert.Equal((3.0, 4.0), (book.FindSuperseded(1, 3)!["value"], book.FindSuperseded(1, 4)!["value"]));

        book.Supersede(1, 0);
        Assert.Empty(book.WithCurve);
        Assert.Empty(book.Of(1));
    }

    [Fact]
    public void Without_a_pruner_no_curves_are_kept()
    {
        var book = new ReportHistory([Loss], keepsCurves: false);
        book.Add(Trial(TrialState.Running), Report(2, "value", 0.5));

        Assert.Equal(0.5, book.Find(1, 2)!["value"]);
        Assert.Null(book.Find(1, 1));
        Assert.Empty(book.WithCurve);
    }

    private static EpochReport Report(int epoch, string metric, double value) => new(epoch, ImmutableSortedDictionary<string, double>.Empty.Add(metric, value));

    private static TrialRecord Trial(TrialState state) => new()
    {
        Number = 1,
        Configuration = 1,
        Parameters = new ParameterSet([KeyValuePair.Create("x", ParameterValue.Of(1L))]),
        Seed = 1,
        State = state,
        Created = ScheduleRig.Start,
    };
}
