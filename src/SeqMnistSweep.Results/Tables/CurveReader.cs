using System.Text.Json;
using Dapper;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Results.Tables;

/// <summary>One metric of one trial over its epochs; null where an epoch has no finite value.</summary>
public sealed record Curve(int Trial, IReadOnlyList<long> Epochs, IReadOnlyList<double?> Values);

/// <summary>Every metric of one trial.</summary>
/// <param name="Reported">Epochs there are; more than points where those are thinned.</param>
public sealed record TrialCurves(long Reported, IReadOnlyList<MetricCurve> Metrics);

/// <summary>One metric of a trial over its epochs; the two lists are equally long.</summary>
public sealed record MetricCurve(string Metric, IReadOnlyList<long> Epochs, IReadOnlyList<double?> Values);

/// <summary>One metric of a sweep's trials at the epochs at which some were stopped; the lists are equally long.</summary>
/// <param name="Epochs">Of each value.</param>
public sealed record RungValues(string Metric, IReadOnlyList<long> Trials, IReadOnlyList<string> States, IReadOnlyList<long> Epochs,
    IReadOnlyList<double> Values);

/// <summary>A configuration that was better than all before it when its last seed completed.</summary>
/// <param name="Trial">The number of that seed's trial.</param>
/// <param name="Value">The mean over its seeds.</param>
/// <param name="Seconds">From the first start in the sweep to the trial's end.</param>
/// <param name="Done">Completed trials until then.</param>
public sealed record BestSoFar(long Trial, double Value, double Seconds, long Done);

/// <summary>Curves as a picture needs them: no more points than pixels can show. Safe for use by many threads.</summary>
public sealed class CurveReader(string path)
{
    private const int MaxRungs = 12;
    private const int MaxRungTrials = 10_000;

    private static readonly HashSet<string> Columns =
        ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy", "epoch_seconds"];

    /// <summary>A metric in the table of reports; some are found by <see cref="PathOf"/>, the parameter <c>@path</c>.</summary>
    /// <param name="of">The table's name and a dot, where there are others.</param>
    internal static string ColumnOf(string metric, string of = "") =>
        Columns.Contains(metric) ? of + metric : $"json_extract({of}metrics, @path)";

    internal static string PathOf(string metric) => $"$.{JsonSerializer.Serialize(metric)}";

    /// <param name="after">Only later epochs.</param>
    public TrialCurves Of(TrialId trial, int pixels, long after = 0) => Read(connection =>
    {
        var rows = connection.Query<(long Epoch, string Metrics)>(
            "select epoch, metrics from report where trial = (select key from trial where sweep = @sweep and number = @number) and epoch "
                + "> @after order by epoch",
            new { sweep = trial.Sweep.Value, number = trial.Number, after }).AsList();
        var reports = rows.Select(row => (row.Epoch, EpochReport.FromJson((int)row.Epoch, row.Metrics).Metrics)).ToList();
        return new TrialCurves(rows.Count,
            [.. reports.SelectMany(report => report.Metrics.Keys).Distinct().Order(StringComparer.Ordinal).Select(metric =>
        {
            var values = reports
                .Select(report => report.Metrics.TryGetValue(metric, out var value) && double.IsFinite(value) ? value : (double?)null)
                .ToList();
            var kept = CurveThinning.Keep(values, pixels);
            return new MetricCurve(metric, [.. kept.Select(i => reports[i].Epoch)], [.. kept.Select(i => values[i])]);
        })]);
    });

    /// <summary>One metric of several trials; those without a report have an empty curve.</summary>
    public IReadOnlyList<Curve> Of(SweepId sweep, string metric, IReadOnlyCollection<int> trials, int pixels) => Read(connection =>
    {
        var column = ColumnOf(metric);
        return trials.Select(number =>
        {
            var rows = connection.Query<(long Epoch, object? Value)>(
                $"select epoch, {column} from report where trial = (select key from trial where sweep = @sweep and number = @number) "
                    + "order by epoch",
                new { sweep = sweep.Value, number, path = PathOf(metric) }).AsList();
            var values = rows.Select(row => row.Value switch { double real => real, long whole => whole, _ => (double?)null }).ToList();
            var kept = CurveThinning.Keep(values, pixels);
            return new Curve(number, [.. kept.Select(i => rows[i].Epoch)], [.. kept.Select(i => values[i])]);
        }).ToList();
    });

    /// <summary>All curves of a sweep at once; of a sweep with more than <paramref name="most"/> reports those of every second trial, every
    /// third, ..., until it is no more.</summary>
    public CurveDensity Density(SweepId sweep, string metric, int columns, int rows, int most = 200_000) => Read(connection =>
    {
        var of = connection.QuerySingle<(int Trials, long Reports)>(
            "select count(*), coalesce(sum(epoch), 0) from trial where sweep = @id and epoch > 0", new { id = sweep.Value });
        var every = (int)((of.Reports + most - 1) / most);
        var column = ColumnOf(metric, "r.");
        var points = new List<(long, double)>();
        var trials = 0;
        var before = -1L;
        foreach (var (number, epoch, value) in connection.Query<(long, long, double?)>(
            $"select t.number, r.epoch, iif(typeof({column}) in ('real', 'integer'), cast({column} as real), null) from trial t cross "
                + "join report r on r.trial = t.key where t.sweep = @id and t.number % @every = 1 % @every",
            new { id = sweep.Value, every = Math.Max(1, every), path = PathOf(metric) },
            buffered: false))
        {
            if (value is not { } finite || !double.IsFinite(finite)) continue;

            trials += number == before ? 0 : 1;
            before = number;
            points.Add((epoch, finite));
        }

        return CurveDensity.From(metric, trials, of.Trials, points, columns, rows);
    });

    /// <summary>At every epoch after which a pruner stopped or held a trial, and at the last one, what trials reported; of many such
    /// epochs and trials an even choice.</summary>
    public RungValues Rungs(SweepId sweep, string metric) => Read(connection =>
    {
        var ends = connection.Query<long>(
            """
            select distinct epoch from trial where sweep = @id and epoch > 0 and state in ('pruned', 'paused')
            union select max(epoch) from trial where sweep = @id and state in ('completed', 'pruned', 'paused') having max(epoch) > 0
            order by 1
            """,
            new { id = sweep.Value }).AsList();
        var kept = ends.Count <= MaxRungs
            ? ends
            : [.. Enumerable.Range(0, MaxRungs).Select(i => ends[i * (ends.Count - 1) / (MaxRungs - 1)])];
        var column = ColumnOf(metric, "r.");
        var rows = connection.Query<(long Trial, string State, long Epoch, double Value)>(
            $"""
            select t.number, t.state, r.epoch, cast({column} as real)
            from trial t cross join report r on r.trial = t.key
            where t.sweep = @id and t.purpose <> 'confirmation' and r.epoch in @kept and typeof({column}) in ('real', 'integer')
              and t.number % max(1, (select count(*) from trial where sweep = @id) / @most) = 0
            order by t.number, r.epoch
            """,
            new { id = sweep.Value, kept, most = MaxRungTrials, path = PathOf(metric) }).Where(row => double.IsFinite(row.Value)).ToList();
        return new RungValues(
            metric, rows.ConvertAll(row => row.Trial), rows.ConvertAll(row => row.State), rows.ConvertAll(row => row.Epoch),
            rows.ConvertAll(row => row.Value));
    });

    /// <summary>How the sweep's best configuration came about, by the time at which trials ended.</summary>
    public IReadOnlyList<BestSoFar> History(SweepId sweep) => Read(connection =>
    {
        var (maximize, seeds) = connection.QuerySingleOrDefault<(bool, long)?>(
            "select maximize, seeds from sweep where id = @id", new { id = sweep.Value }) ?? (true, 1);
        var means = new SeedMeans(seeds, maximize);
        var steps = new List<BestSoFar>();
        var done = 0L;
        foreach (var (number, configuration, value, seconds) in connection.Query<(long, long, double?, double)>(
            """
            select number, configuration, value, (julianday(finished) - julianday((select min(started) from trial where sweep = @id))) * 86400.0
            from trial
            where sweep = @id and state = 'completed' and finished is not null and purpose <> 'confirmation'
            order by finished, number
            """,
            new { id = sweep.Value },
            buffered: false))
        {
            done++;
            if (means.CompleteBest(configuration, value) is { } reached)
            {
                steps.Add(new BestSoFar(number, reached, Math.Round(seconds, 3), done));
            }
        }

        return (IReadOnlyList<BestSoFar>)steps;
    });

    private T Read<T>(Func<SqliteConnection, T> read) => ReadConnection.Read(path, read);
}
