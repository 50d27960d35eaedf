using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Tables;

public sealed class CurveDensityTests
{
    [Fact]
    public void Every_value_counts_once_in_its_epoch_and_row()
    {
        var density = Of([(1, 0.0), (1, 0.1), (1, 0.9), (2, 0.5), (2, 1.0)], columns: 10, rows: 2);
        Assert.Equal((0.0, 1.0), (density.Low, density.High));
        Assert.Equal([[2, 1], [0, 2]], density.Columns.Select(column => column.Counts));
        Assert.Equal([(1, 1), (2, 2)], density.Columns.Select(column => (column.From, column.To)));
        Assert.Equal([0.1, 0.5], density.Columns.Select(column => column.Median));
    }

    [Fact]
    public void Where_there_are_more_epochs_than_columns_they_share_them()
    {
        var density = Of([.. Enumerable.Range(1, 100).Select(epoch => ((long)epoch, 1.0 / epoch))], columns: 30, rows: 5);
        Assert.Equal(25, density.Columns.Count);
        Assert.Equal((97, 100), (density.Columns[^1].From, density.Columns[^1].To));
        Assert.All(density.Columns, column => Assert.Equal(4, column.Counts.Sum()));
    }

    [Fact]
    public void A_few_that_diverged_do_not_stretch_the_picture_and_still_count()
    {
        var density = Of([.. Enumerable.Range(0, 1000).Select(i => (1L, i / 1000.0)), (1, 1e9), (1, -1e9)], columns: 1, rows: 10);
        Assert.InRange(density.High, 0.9, 1);
        Assert.InRange(density.Low, 0, 0.1);
        Assert.Equal(1002, density.Columns[0].Counts.Sum());
    }

    [Fact]
    public void Equal_values_lie_in_the_middle_and_none_make_no_column()
    {
        Assert.Equal([0, 2, 0], Of([(1, 3.0), (1, 3.0)], columns: 1, rows: 3).Columns[0].Counts);
        Assert.Empty(Of([], columns: 1, rows: 3).Columns);
    }

    [Fact]
    public void Of_many_reports_every_so_many_th_trial_is_counted_and_it_says_so()
    {
        using var database = new TestDatabase();
        database.Write(Some.Id, Some.Adding(Some.Sweep()));
        foreach (var number in Enumerable.Range(1, 7))
        {
            database.Write(Some.Id, Some.Adding(Some.Trial(number) with { State = TrialState.Running, Lease = 1, Epoch = 2 }));
            database.Write(Some.Id, Some.Reporting(number, 1, Some.Report(1, number / 10.0)), Some.Reporting(number, 1, Some.Report(2, number == 4 ? double.NaN : 0.9)));
        }

        var reader = new CurveReader(database.Path);
        var all = reader.Density(Some.Id, "val_accuracy", 10, 10);
        Assert.Equal((7, 7, 13), (all.Curves, all.Of, all.Columns.Sum(column => column.Counts.Sum())));
        var third = reader.Density(Some.Id, "val_accuracy", 10, 10, most: 5);
        Assert.Equal((3, 7, 5), (third.Curves, third.Of, third.Columns.Sum(column => column.Counts.Sum())));
        Assert.Equal(0.4, third.Columns[0].Median);
        Assert.Empty(reader.Density(Some.Id, "nothing", 10, 10).Columns);
    }

    private static CurveDensity Of(IReadOnlyList<(long, double)> points, int columns, int rows) => CurveDensity.From("m", 1, 1, points, columns, rows);
}
