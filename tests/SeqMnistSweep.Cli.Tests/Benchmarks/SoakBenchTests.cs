using SeqMnistSweep.Benchmarks;

namespace SeqMnistSweep.Cli.Tests.Benchmarks;

public sealed class SoakBenchTests
{
    [Fact]
    public void A_line_goes_through_its_points()
    {
        var fit = LinearFit.Of([(0, 1), (10, 6), (20, 11)]);

        Assert.Equal((0.5, 1.0, 51.0), (fit.Slope, fit.Intercept, fit.At(100)));
    }

    [Fact]
    public void A_line_through_scattered_points_is_the_nearest_by_least_squares()
    {
        var fit = LinearFit.Of([(1, 1), (2, 3), (3, 2), (4, 4)]);

        Assert.Equal(0.8, fit.Slope, 12);
        Assert.Equal(0.5, fit.Intercept, 12);
    }

    [Fact]
    public void One_place_says_nothing_of_the_slope_and_no_point_nothing_at_all()
    {
        Assert.Equal(new LinearFit(0, 4), LinearFit.Of([(3, 2), (3, 6)]));
        Assert.Throws<ArgumentException>(() => LinearFit.Of([]));
    }

    [Fact]
    public void What_stays_as_it_is_holds_and_what_was_filled_at_the_beginning_does_not_count()
    {
        var results = SoakBench.Judge([.. Enumerable.Range(0, 300).Select(i => Sample(i, head: i < 25 ? 100 + (8 * i) : 300 + (5 * (i % 7)), files: 40))]);

        Assert.All(results, result => Assert.True(result.Holds, result.Name));
    }

    [Fact]
    public void A_leak_of_memory_or_files_and_a_database_that_grows_ever_faster_are_found()
    {
        Assert.Equal(["growth of the head, fitted"], Broken(i => Sample(i, head: 200 + (0.2 * i), files: 40)));
        Assert.Equal(["open files of the head, more than at first"], Broken(i => Sample(i, head: 200, files: 40 + (i / 50))));
        Assert.Equal(["database, per trial, second half / first half"], Broken(i => Sample(i, head: 200, files: 40) with { Bytes = 1000.0 * i * i }));
    }

    [Fact]
    public void Too_few_trials_are_no_verdict()
    {
        Assert.Throws<InvalidOperationException>(() => SoakBench.Judge([.. Enumerable.Range(0, 300).Select(i => Sample(i / 50, head: 200, files: 40))]));
    }

    [Fact]
    public void A_process_has_memory_and_files()
    {
        var own = ProcessFigures.Of(Environment.ProcessId);
        var family = ProcessFigures.OfFamily(Environment.ProcessId);

        Assert.InRange(own.Megabytes, 1, own.PeakMegabytes);
        Assert.InRange(own.Files, 3, 100_000);
        Assert.InRange(family.Files, 3, 100_000);
    }

    private static IEnumerable<string> Broken(Func<int, SoakSample> sample) =>
        SoakBench.Judge([.. Enumerable.Range(0, 300).Select(sample)]).Where(result => result.Holds == false).Select(result => result.Name);

    private static SoakSample Sample(int trials, double head, int files) =>
        new(trials, new ProcessFigures(head, 400, files), [new ProcessFigures(500, 600, 80), new ProcessFigures(500, 600, 80)], 1000.0 * trials);
}
