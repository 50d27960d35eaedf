using Dapper;
using SeqMnistSweep.Importance;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Results.Tables;

/// <summary>A sweep's configurations as they can be compared, and what follows from that. Where a pruner stopped trials, all are compared at
/// one epoch: the latest that nine of ten have reached; whoever came less far is left out. Otherwise the completed configurations are
/// compared by their values. Who lacks a seed is left out. Safe for use by many threads.</summary>
/// <param name="path">The database file.</param>
public sealed class ComparedReader(string path)
{
    /// <summary>Configurations at most; of more an even choice.</summary>
    public const int MaxPoints = 20_000;

    private const int MaxContourPoints = 4000;

    private const string Ended = "state in ('completed', 'pruned', 'paused') and purpose <> 'confirmation'";

    private const string EvenChoice =
        "configuration % max(1, (select max(configuration) from trial where sweep = @sweep) / @most) = 0";

    /// <param name="most">Configurations at most.</param>
    public ComparedPoints Points(SweepId sweep, string metric, bool maximize, int most = MaxPoints) =>
        ReadConnection.Read(path, connection =>
        {
            var epoch = RungOf(connection, sweep);
            return new ComparedPoints(epoch, epoch is { } at
                ? PointsAt(connection, sweep, metric, maximize, at, most)
                : Completed(connection, sweep, most));
        });

    /// <param name="quantile">The share of configurations that are the best: above 0, below 1.</param>
    public ImportanceAnswer Importance(SweepRow sweep, SearchSpace space, double quantile) =>
        ImportanceAnswer.Of(space, Points(SweepId.Parse(sweep.Sweep), sweep.Metric, sweep.Maximize), sweep.Maximize, quantile) with
        {
            IsAdaptive = SamplerCatalog.Find(sweep.Method) is { IsAdaptive: true },
        };

    /// <inheritdoc cref="Importance.Contour.Of"/>
    public Contour? Contour(
        SweepId sweep, SearchSpace space, string metric, bool maximize, (string X, string Y) names, int columns, int rows) =>
        SeqMnistSweep.Importance.Contour.Of(space, Points(sweep, metric, maximize, MaxContourPoints), maximize, names, columns, rows);

    /// <summary>Null where none was stopped early, or too many before their first epoch.</summary>
    private static long? RungOf(SqliteConnection connection, SweepId sweep)
    {
        var ends = connection.Query<(long Epoch, long Trials, long Unfinished)>(
            $"""
            select epoch, count(*), sum(state <> 'completed') from trial
            where sweep = @sweep and {Ended} group by epoch order by epoch desc
            """,
            new { sweep = sweep.Value }).AsList();
        if (ends.Sum(end => end.Unfinished) == 0) return null;

        var wanted = Math.Ceiling(0.9 * ends.Sum(end => end.Trials));
        foreach (var end in ends.TakeWhile(end => end.Epoch > 0))
        {
            wanted -= end.Trials;
            if (wanted <= 0) return end.Epoch;
        }

        return null;
    }

    private static IReadOnlyList<ComparedPoint> Completed(SqliteConnection connection, SweepId sweep, int most) =>
        Of(connection.Query<(long, string, double, bool)>(
        $"""
        select s.number, t.params, s.value, false as unfinished
        from standing s
        join trial t on t.sweep = s.sweep and t.number = s.number
        where s.sweep = @sweep and s.partial = 0 and s.value is not null and s.{EvenChoice}
        order by s.configuration limit @most
        """,
        new { sweep = sweep.Value, most }));

    /// <summary>The best that each configuration had reported by then, over its seeds.</summary>
    private static IReadOnlyList<ComparedPoint> PointsAt(
        SqliteConnection connection, SweepId sweep, string metric, bool maximize, long epoch, int most)
    {
        var column = CurveReader.ColumnOf(metric);
        return Of(connection.Query<(long, string, double, bool)>(
            $"""
            select min(number) as number, params, avg(value) as value, max(unfinished) as unfinished
            from (
              select t.number, t.configuration, t.params, t.state <> 'completed' as unfinished, (
                select {(maximize ? "max" : "min")}({column}) from report
                where trial = t.key and epoch <= @epoch and typeof({column}) in ('real', 'integer')
              ) as value
              from trial t
              where t.sweep = @sweep and t.{Ended} and t.epoch >= @epoch and t.{EvenChoice}
            )
            group by configuration
            having count(value) >= (select seeds from sweep where id = @sweep)
            order by configuration limit @most
            """,
            new { sweep = sweep.Value, epoch, path = CurveReader.PathOf(metric), most }));
    }

    private static IReadOnlyList<ComparedPoint> Of(IEnumerable<(long Number, string Params, double Value, bool Unfinished)> rows) =>
    [
        .. rows.Where(row => double.IsFinite(row.Value)).Select(row =>
            new ComparedPoint((int)row.Number, ParameterSet.FromJson(row.Params), row.Value, row.Unfinished)),
    ];
}
