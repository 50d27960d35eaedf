using System.Runtime.CompilerServices;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>A trial as exports see it.</summary>
/// <param name="Facts">What is known of what it ran, a JSON object; without tables of predictions. Null for nothing.</param>
/// <param name="Metrics">Of the epoch of the value, in the order of the sweep's metrics; the first is the value itself.</param>
/// <param name="Parameters">Nested ones by dotted names.</param>
internal sealed record ExportedTrial(
    string Id, int Number, long Configuration, string State, string? Cause, double? Value, long? Epoch, long Epochs, double? TestLoss,
    double? TestAccuracy, long Seed, long Attempts, string? Worker, string? Device, string Created, string? Started, string? Finished,
    string? Origin, string? Message, string? Facts, ImmutableArray<double?> Metrics, ParameterSet Parameters);

internal sealed record ExportedReport(int Trial, int Attempt, EpochReport Report, string Time);

/// <summary>Everything of one sweep, page by page, from a file or through a head.</summary>
/// <param name="where">Which trials; null for all.</param>
internal sealed class SweepExport(ResultSource results, SweepRow sweep, string? where)
{
    private const int PageRows = 5000;

    private static readonly (ExportColumn Column, Func<ExportedTrial, object?> Of)[] Own =
    [
        (new("trial", ColumnKind.Text), trial => trial.Id),
        (new("number", ColumnKind.Integer), trial => (long)trial.Number),
        (new("configuration", ColumnKind.Integer), trial => trial.Configuration),
        (new("state", ColumnKind.Text), trial => trial.State),
        (new("cause", ColumnKind.Text), trial => trial.Cause),
        (new("value", ColumnKind.Real), trial => trial.Value),
        (new("epoch", ColumnKind.Integer), trial => trial.Epoch),
        (new("epochs", ColumnKind.Integer), trial => trial.Epochs),
        (new("test_loss", ColumnKind.Real), trial => trial.TestLoss),
        (new("test_accuracy", ColumnKind.Real), trial => trial.TestAccuracy),
        (new("seed", ColumnKind.Integer), trial => trial.Seed),
        (new("attempts", ColumnKind.Integer), trial => trial.Attempts),
        (new("worker", ColumnKind.Text), trial => trial.Worker),
        (new("device", ColumnKind.Text), trial => trial.Device),
        (new("created", ColumnKind.Text), trial => trial.Created),
        (new("started", ColumnKind.Text), trial => trial.Started),
        (new("finished", ColumnKind.Text), trial => trial.Finished),
        (new("origin", ColumnKind.Text), trial => trial.Origin),
        (new("message", ColumnKind.Text), trial => trial.Message),
        (new("facts", ColumnKind.Text), trial => trial.Facts),
    ];

    private static readonly string[] Asked =
    [
        "number", "configuration", "state", "cause", "value", "best_epoch", "epochs_done", "test_loss", "test_accuracy", "seed",
        "attempts", "worker", "device", "created", "started", "finished", "origin", "message", TrialTable.Metrics, TrialTable.Params,
    ];

    private readonly SweepDefinition? _definition = sweep.ReadDefinition();

    /// <summary>What <see cref="Table"/> has of its own.</summary>
    public static IEnumerable<string> OwnColumns => Own.Select(own => own.Column.Name);

    public SweepRow Sweep => sweep;

    /// <summary>Which trials; null for all.</summary>
    public string? Where => where;

    public SweepId Id { get; } = SweepId.Parse(sweep.Sweep);

    /// <summary>Null where the stored file is no longer valid.</summary>
    public SearchSpace? Space => _definition?.Space;

    /// <summary>The sweep's metrics, the one of a trial's value first.</summary>
    public IReadOnlyList<MetricGoal> Metrics => _definition?.Metrics ?? [new MetricGoal(sweep.Metric, sweep.Maximize)];

    /// <summary>In the order of their numbers.</summary>
    public async Task<IReadOnlyList<ExportedTrial>> TrialsAsync(CancellationToken stop)
    {
        var facts = await FactsAsync(stop);
        var trials = new List<ExportedTrial>();
        string? cursor = null;
        do
        {
            var page = await results.TrialsAsync(
                Id, new TrialTableRequest(where, Columns: Asked, Cursor: cursor, Limit: PageRows), stop);
            var columns = page.Columns.ToDictionary(column => column.Name, column => column.Values);
            for (var i = 0; i < columns["number"].Count; i++)
            {
                var trial = Trial(columns, i);
                trials.Add(trial with { Facts = facts.GetValueOrDefault(trial.Number) });
            }

            cursor = page.Next;
        }
        while (cursor is not null);
        return trials;
    }

    /// <summary>By trial.</summary>
    private async Task<Dictionary<int, string>> FactsAsync(CancellationToken stop)
    {
        var facts = new Dictionary<int, string>();
        for (var number = 0L; ;)
        {
            var page = await results.QueryAsync(
                new ReadOnlyQuery(
                    $"""
                    select number, json_remove(facts, '$.{SamplePrediction.Fact}') from trials
                    where sweep = '{Id}' and number > {number} and json_valid(facts) order by number limit {PageRows}
                    """,
                    PageRows) { Timeout = TimeSpan.FromMinutes(1) },
                stop);
            foreach (var row in page.Rows)
            {
                number = (long)row[0]!;
                facts[(int)number] = (string)row[1]!;
            }

            if (page.Rows.Count == 0 || (page.Rows.Count < PageRows && !page.More)) return facts;
        }
    }

    /// <summary>Configurations of which a seed completed and another did not: their values rank behind all others.</summary>
    public async Task<IReadOnlySet<long>> PartialAsync(CancellationToken stop) => sweep.Seeds == 1 ? new HashSet<long>()
        : (await results.LeaderboardAsync(Id, int.MaxValue, stop)).Where(row => !row.IsWhole).Select(row => row.Configuration).ToHashSet();

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

            if (page.Rows.Count == 0 || (page.Rows.Count < PageRows && !page.More)) yield break;
        }
    }

    /// <summary>A row per trial, a column per parameter, and per metric where there are several. A name that is a column of a trial
    /// anywhere, or a metric, has its prefix, so that a parameter is never taken for something else.</summary>
    public ExportTable Table(IReadOnlyList<ExportedTrial> trials)
    {
        var there = trials.SelectMany(trial => trial.Parameters.Select(parameter => parameter.Key)).Distinct().ToList();
        var parameters = (Space?.Dimensions.Select(dimension => dimension.Name) ?? []).Intersect(there).Union(there).ToList();
        var metrics = Metrics.Count > 1 ? Metrics.Select(metric => metric.Name).ToList() : [];
        ExportColumn[] columns =
        [
            .. Own.Select(own => own.Column),
            .. metrics.Select(name => new ExportColumn(
                TrialTable.NameOf(TrialTable.MetricPrefix, name, one => TrialTable.IsColumn(one) || parameters.Contains(one)),
                ColumnKind.Real)),
            .. parameters.Select(name => new ExportColumn(
                TrialTable.NameOf(TrialTable.ParameterPrefix, name, one => TrialTable.IsColumn(one) || Metrics.Any(m => m.Name == one)),
                KindOf(trials.Select(trial => trial.Parameters[name])))),
        ];
        return new ExportTable(columns, trials.Select(trial => (object?[])
        [
            .. Own.Select(own => own.Of(trial)), .. trial.Metrics.Take(metrics.Count).Cast<object?>(),
            .. parameters.Select(name => trial.Parameters[name]),
        ]).ToAsyncEnumerable());
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
                .. metrics.Select(name => new ExportColumn(
                    TrialTable.NameOf(TrialTable.MetricPrefix, name, one => one is "trial" or "epoch" or "attempt" or "time"),
                    ColumnKind.Real)),
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

    private ExportedTrial Trial(Dictionary<string, IReadOnlyList<object?>> columns, int i)
    {
        var reported = Text(TrialTable.Metrics) is { } metrics ? EpochReport.FromJson(0, metrics) : null;
        return new ExportedTrial(
            $"{sweep.Sweep}/{Whole("number")}", (int)Whole("number")!, Whole("configuration")!.Value, Text("state")!, Text("cause"),
            Real("value"), Whole("best_epoch"), Whole("epochs_done") ?? 0, Real("test_loss"), Real("test_accuracy"), Whole("seed")!.Value,
            Whole("attempts")!.Value, Text("worker"), Text("device"), Text("created")!, Text("started"), Text("finished"), Text("origin"),
            Text("message"), null,
            [Real("value"), .. Metrics.Skip(1).Select(metric => reported?[metric.Name] is { } value && double.IsFinite(value) ? value
                : (double?)null)],
            FlatParameters.Of(ParameterSet.FromJson(Text(TrialTable.Params)!), Space));

        string? Text(string name) => columns[name][i] as string;
        long? Whole(string name) => columns[name][i] as long?;
        double? Real(string name) => columns[name][i] switch { double real => real, long whole => whole, _ => null };
    }
}
