using Dapper;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Results.Tables;

/// <summary>What a rung of a sweep was worth.</summary>
/// <param name="Reached">Trials that trained so far, and did not end there by themselves.</param>
/// <param name="Beyond">Of these, those that went on to the next rung or to their end.</param>
/// <param name="Saved">Epochs that the others would still have trained; so far, where some wait.</param>
/// <param name="Compared">Curves behind <paramref name="Correlation"/>: of those that went on.</param>
/// <param name="Correlation">Kendall's rank correlation of the value at the rung with the best one after it, from -1 to 1; null where the
/// curves are too few.</param>
/// <param name="Chance">Up to here chance alone explains it.</param>
/// <param name="Found">What that comes to, as a clause.</param>
public sealed record RungWorth(
    int Epoch, int Reached, int Beyond, int Saved, int Compared, double? Correlation, double? Chance, string Found);

/// <summary>What the rungs of a sweep with <c>asha</c>, or the bands of <c>hyperband</c>, were worth, by its own trials. Safe for use by
/// many threads.</summary>
public sealed class LadderReader(string path)
{
    /// <summary>Curves that are compared, an even choice of more: every pair is looked at.</summary>
    private const int MaxCurves = 1000;

    private const string Judged = "sweep = @id and epoch > 0 and purpose <> 'confirmation' and state in ('completed', 'pruned', 'paused')";

    /// <summary>One for every rung that a trial has reached; none where trials are compared at every epoch.</summary>
    public IReadOnlyList<RungWorth> Of(SweepRow sweep) => sweep.ReadDefinition() is { } definition
        ? ReadConnection.Read(path, connection => Of(connection, definition, sweep))
        : [];

    private static List<RungWorth> Of(SqliteConnection connection, SweepDefinition definition, SweepRow sweep)
    {
        if (definition.EarlyTerminate is null) return [];

        var trials = connection.Query<(int Epochs, bool Completed)>(
            $"select epoch, state = 'completed' from trial where {Judged}", new { id = sweep.Sweep }).AsList();
        var longest = trials.Select(trial => trial.Epochs).DefaultIfEmpty().Max();
        var rungs = PrunerCatalog.RungsOf(definition, longest);
        if (rungs.Count == 0) return [];

        // How far one that was stopped would have trained is known by those that came to their end.
        var trained = trials.ConvertAll(trial => (trial.Epochs, trial.Completed ? trial.Epochs : longest));
        var curves = Curves(connection, sweep, trials.Count(trial => trial.Epochs > rungs[0]), rungs[0]);
        return
        [
            .. RungReport.Of(rungs, trained, curves).Select(rung => new RungWorth(
                rung.Epoch, rung.Reached, rung.Beyond, rung.Saved, rung.Compared, rung.Correlation,
                rung.ChanceBound, $"{rung.Found}, among those that went on")),
        ];
    }

    private static List<LearningCurve> Curves(SqliteConnection connection, SweepRow sweep, int count, int first)
    {
        var column = CurveReader.ColumnOf(sweep.Metric, "r.");
        var rows = connection.Query<(int Trial, int Epoch, double? Value)>(
            $"""
            select t.number, r.epoch, iif(typeof({column}) in ('real', 'integer'), cast({column} as real), null)
            from (select key, number from trial where {Judged} and epoch > @first and number % @every = 0) t
            cross join report r on r.trial = t.key
            order by t.number, r.epoch
            """,
            new
            {
                id = sweep.Sweep, first, every = Math.Max(1, (count + MaxCurves - 1) / MaxCurves), path = CurveReader.PathOf(sweep.Metric),
            });
        var sign = sweep.Maximize ? 1 : -1;
        return [.. rows.GroupBy(row => row.Trial).Select(trial => new LearningCurve(trial.Key, TrialState.Completed, Values(trial)))];

        double[] Values(IEnumerable<(int, int Epoch, double? Value)> reports)
        {
            var known = reports.ToDictionary(report => report.Epoch, report => report.Value);
            return [.. Enumerable.Range(1, known.Keys.Max()).Select(epoch => sign * (known.GetValueOrDefault(epoch) ?? double.NaN))];
        }
    }
}
