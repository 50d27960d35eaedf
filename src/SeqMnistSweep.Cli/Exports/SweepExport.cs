using System.Runtime.CompilerServices;
using System.Text.Json;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>A trial as exports see it.</summary>
internal sealed record ExportedTrial(
    int Number, long Configuration, string State, string? Cause, double? Value, long? Epoch, long EpochsDone, double? TestLoss,
        double? TestAccuracy,
    long Seed, long Attempts, string? Worker, string? Device, string Created, string? Started, string? Finished, string? Origin,
        string? Message, ParameterSet Parameters);

internal sealed record ExportedReport(int Trial, int Attempt, EpochReport Report, string Time);

/// <summary>Everything of one sweep, page by page, from a file or through a head.</summary>
/// <param name="where">Which trials; null for all.</param>
internal sealed class SweepExport(ResultSource results, SweepRow sweep, string? where)
{
    private const int PageRows = 5000;

    private static readonly string[] Own =
        [
            "number", "configuration", "state", "cause", "value", "best_epoch", "epochs_done", "test_loss", "test_accuracy", "seed",
            "attempts", "worker", "device", "created", "started", "finished", "origin", "message",
        ];

    public SweepRow Sweep => sweep;

    public SweepId Id { get; } = SweepId.Parse(sweep.Sweep);

    /// <summary>In the order of their numbers.</summary>
    public async Task<IReadOnlyList<ExportedTrial>> TrialsAsync(CancellationToken stop)
    {
        var trials = new List<ExportedTrial>();
        var parameters = (await results.TrialsAsync(Id, new TrialTableRequest(where, Columns: ["number"], Limit: 0), stop)).Parameters;
        string? cursor = null;
        do
        {
            var page = await results.TrialsAsync(
                Id, new TrialTableRequest(where, Columns: [.. Own.Union(parameters)], Cursor: cursor, Limit: PageRows), stop);
            var columns = page.Columns.ToDictionary(column => column.Name, column => column.Values);
            for (var i = 0; i < columns["number"].Count; i++)
            {
                trials.Add(Trial(columns, parameters, i));
            }

            cursor = page.Next;
        }
        while (cursor is not null);
        return trials;
    }

    /// <summary>In the order of trial and epoch, of the trials named; all of the sweep's where there is no filter.</summary>
    public async IAsyncEnumerable<ExportedReport> ReportsAsync(
        IReadOnlyCollection<ExportedTrial> trials, [EnumeratorCancellation] CancellationToken stop)
    {
        var wanted = trials.Select(trial => trial.Number).ToHashSet();
        var (number, epoch) = (0L, 0L);
        while (true)
        {
            var page = await results.QueryAsync(
                new ReadOnlyQuery(
                    $"""
                    select number, epoch, attempt, metrics, time from reports
                    where sweep = '{Id}' and number >= {number} and (number > {number} or epoch > {epoch})
                    order by number, epoch limit {PageRows}
                    """,
                    PageRows) { Timeout = TimeSpan.FromMinutes(1) },
                stop);
            foreach (var row in page.Rows)
            {
                (number, epoch) = ((long)row[0]!, (long)row[1]!);
                if (wanted.Contains((int)number))
                {
                    yield return new ExportedReport(
                        (int)number, (int)(long)row[2]!, EpochReport.FromJson((int)epoch, (string)row[3]!), (string)row[4]!);
                }
            }

            if (page.Rows.Count < PageRows) yield break;
        }
    }

    /// <summary>A row per trial, a column per parameter.</summary>
    public static ExportTable Table(SweepRow sweep, IReadOnlyList<ExportedTrial> trials)
    {
        var parameters = trials.SelectMany(trial => trial.Parameters.Select(parameter => parameter.Key)).Distinct().ToList();
        var kinds = parameters.ToDictionary(name => name, name => KindOf(trials.Select(trial => trial.Parameters[name])));
        ExportColumn[] columns =
        [
            new("trial", ColumnKind.Text), new("number", ColumnKind.Integer), new("configuration", ColumnKind.Integer),
                new("state", ColumnKind.Text), new("cause", ColumnKind.Text),
            new("value", ColumnKind.Real), new("epoch", ColumnKind.Integer), new("epochs", ColumnKind.Integer),
                new("test_loss", ColumnKind.Real), new("test_accuracy", ColumnKind.Real),
            new("seed", ColumnKind.Integer), new("attempts", ColumnKind.Integer), new("worker", ColumnKind.Text),
                new("device", ColumnKind.Text), new("created", ColumnKind.Text),
            new("started", ColumnKind.Text), new("finished", ColumnKind.Text), new("origin", ColumnKind.Text),
            new("message", ColumnKind.Text),
            .. parameters.Select(name => new ExportColumn(ParameterColumn(name), kinds[name])),
        ];
        return new ExportTable(columns, Rows().ToAsyncEnumerable());

        IEnumerable<object?[]> Rows() => trials.Select(trial => (object?[])
        [
            $"{sweep.Sweep}/{trial.Number}", (long)trial.Number, trial.Configuration, trial.State, trial.Cause, trial.Value, trial.Epoch,
                trial.EpochsDone, trial.TestLoss, trial.TestAccuracy,
            trial.Seed, trial.Attempts, trial.Worker, trial.Device, trial.Created, trial.Started, trial.Finished, trial.Origin,
                trial.Message,
            .. parameters.Select(name => ValueOf(trial.Parameters[name], kinds[name])),
        ]);
    }

    /// <summary>A row per report, a column per metric.</summary>
    public async Task<ExportTable> ReportTableAsync(IReadOnlyCollection<ExportedTrial> trials, CancellationToken stop)
    {
        var known = await results.QueryAsync(
            new ReadOnlyQuery($"select distinct m.key from reports r, json_each(r.metrics) m where r.sweep = '{Id}' order by m.key",
                10_000) { Timeout = TimeSpan.FromMinutes(1) }, stop);
        var metrics = known.Rows.Select(row => (string)row[0]!).ToList();
        return new ExportTable(
            [
                new("trial", ColumnKind.Text), new("epoch", ColumnKind.Integer), new("attempt", ColumnKind.Integer),
                new("time", ColumnKind.Text),
                .. metrics.Select(name => new ExportColumn(name, ColumnKind.Real)),
            ],
            RowsAsync());

        async IAsyncEnumerable<object?[]> RowsAsync()
        {
            await foreach (var report in ReportsAsync(trials, stop))
            {
                yield return [$"{sweep.Sweep}/{report.Trial}", (long)report.Report.Epoch, (long)report.Attempt, report.Time,
                    .. metrics.Select(name => (object?)report.Report[name])];
            }
        }
    }

    /// <summary>A parameter may be named like a column of the trial's own.</summary>
    private static string ParameterColumn(string name) =>
        name is "value" or "state" or "epoch" or "epochs" or "seed" or "number" or "trial" or "worker" or "device" or "origin" or "message"
            ? $"params.{name}"
            : name;

    private static ColumnKind KindOf(IEnumerable<ParameterValue?> values)
    {
        var kinds = values.OfType<ParameterValue>().Where(value => value.Kind != ParameterKind.Null).Select(value => value.Kind).Distinct()
            .ToList();
        return kinds switch
        {
            [ParameterKind.Integer] => ColumnKind.Integer,
            [ParameterKind.Real] => ColumnKind.Real,
            [_, _] when kinds.TrueForAll(kind => kind is ParameterKind.Integer or ParameterKind.Real) => ColumnKind.Real,
            _ => ColumnKind.Text,
        };
    }

    private static object? ValueOf(ParameterValue? value, ColumnKind kind) =>
        value is null or { Kind: ParameterKind.Null } ? null : kind switch
    {
        ColumnKind.Integer => value.AsInteger(),
        ColumnKind.Real => value.AsReal(),
        _ => value.ToString(),
    };

    private static ExportedTrial Trial(Dictionary<string, IReadOnlyList<object?>> columns, IReadOnlyList<string> parameters, int i)
    {
        return new ExportedTrial(
            (int)Whole("number")!, Whole("configuration")!.Value, Text("state")!, Text("cause"), Real("value"), Whole("best_epoch"),
                Whole("epochs_done") ?? 0, Real("test_loss"), Real("test_accuracy"),
            Whole("seed")!.Value, Whole("attempts")!.Value, Text("worker"), Text("device"), Text("created")!, Text("started"),
                Text("finished"), Text("origin"), Text("message"),
            new ParameterSet(
                parameters.Where(name => columns[name][i] is not null).Select(
                    name => KeyValuePair.Create(name, Parameter(columns[name][i]!, name)))));

        string? Text(string name) => columns[name][i] as string;
        long? Whole(string name) => columns[name][i] as long?;
        double? Real(string name) => columns[name][i] switch { double real => real, long whole => whole, _ => null };
    }

    /// <summary>A parameter named like a column of the trial's own, as <c>seed</c> is, has that column's value.</summary>
    private static ParameterValue Parameter(object value, string name)
    {
        if (Own.Contains(name))
        {
            return value switch { long whole => ParameterValue.Of(whole), double real => ParameterValue.Of(real),
                _ => ParameterValue.Of((string)value) };
        }

        return Json((string)value);
    }

    private static ParameterValue Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ParameterValue.FromJson(document.RootElement);
    }
}
