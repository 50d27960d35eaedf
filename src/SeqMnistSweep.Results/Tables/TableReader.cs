using System.Data;
using System.Text;
using System.Text.Json;
using Dapper;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Results.Tables;

/// <summary>Pages of trials, filtered and sorted by the database: what a client with a hundred thousand of them asks for. Safe for use by
/// many threads.</summary>
/// <param name="orders">Keeps orders between pages; null computes each anew.</param>
public sealed class TableReader(string path, TrialOrders? orders = null)
{
    /// <summary>Trials of a large sweep whose parameters are looked at to learn their names.</summary>
    private const int Sampled = 200;

    private static readonly string[] Usual =
        [
            "number", "configuration", "state", "cause", "value", "best_epoch", "epochs_done", "test_accuracy", "seed", "attempts",
            "worker", "seconds",
        ];

    private KnownSpace? _space;

    /// <returns>Null when there is no such sweep.</returns>
    /// <exception cref="QueryException">The filter, the order or a column is wrong.</exception>
    public TrialTable? Trials(SweepId sweep, TrialTableRequest request)
    {
        try
        {
            return ReadConnection.Read(path, connection =>
                connection.QuerySingleOrDefault<(string Metric, string Metrics, bool Maximize)?>(
                    "select metric, metrics, maximize from sweep where id = @id and deleted is null", new { id = sweep.Value }) is { } found
                    ? Read(connection, sweep, new TableColumns(
                        MetricsJson.Read(found.Metrics) is { IsEmpty: false } several ? [.. several.Select(one => one.Name)]
                            : [found.Metric],
                        Parameters(connection, sweep)), WithOrder(request, found.Maximize))
                    : null);
        }
        catch (ExpressionException error)
        {
            throw new QueryException(error.Message, $"write it as in constraints: lr < 0.001 and optimizer == 'Adam'", error.Offset);
        }
    }

    private static TrialTableRequest WithOrder(TrialTableRequest request, bool maximize) => request.Sort == TrialTableRequest.Best
        ? request with { Sort = maximize ? "-value" : "value" }
        : request;

    /// <summary>First which trials, by number, then their columns: what is not shown is not read.</summary>
    private TrialTable Read(SqliteConnection connection, SweepId sweep, TableColumns known, TrialTableRequest request)
    {
        var order = Order(known, request.Sort);
        var total = connection.QuerySingle<long>("select coalesce(max(number), 0) from trial where sweep = @sweep",
            new { sweep = sweep.Value }); // they have no gap
        var plain = string.IsNullOrWhiteSpace(request.Where) && order.Sql == "number" && !order.Descending;
        var numbers = plain ? null : orders is null ? Numbers(connection, known, sweep, request, order) : orders.Get(
            sweep, request.Where, request.Sort, () => Numbers(connection, known, sweep, request, order));
        var shown = (request.Columns ?? [.. Usual, .. known.ParameterColumns]).SelectMany(known.Shown).DistinctBy(column => column.Name)
            .ToList();
        var page = numbers is null ? PlainPage(connection, sweep, request) : Page(numbers, request);
        var columns = Columns(connection, sweep, shown, page);
        return new TrialTable(
            total,
            numbers?.Length ?? total,
            page.Length == request.Limit && request.Limit > 0
                ? Encode(page[^1], numbers is null ? 0 : Array.IndexOf(numbers, page[^1]) + 1)
                : null,
            known.Parameters,
            [.. shown.Select((column, i) => new TrialColumn(column.Name, column.IsJson, columns[i]))]);
    }

    /// <summary>All that the filter leaves, in order. What has no value comes last, ties are by number.</summary>
    private static long[] Numbers(
        SqliteConnection connection, TableColumns known, SweepId sweep, TrialTableRequest request, SortOrder order)
    {
        var values = new DynamicParameters(new { sweep = sweep.Value });
        var filter = Filter(connection, known, sweep, request.Where, values);
        return [.. connection.Query<long>($"select number from trial where sweep = @sweep{And(filter)} order by {order.Clause}", values)];
    }

    private static long[] PlainPage(SqliteConnection connection, SweepId sweep, TrialTableRequest request) =>
    [
        .. connection.Query<long>(
            "select number from trial where sweep = @sweep and number > @after order by number limit @limit offset @offset",
            new { sweep = sweep.Value, after = request.Cursor is { } cursor ? Decode(cursor).Number
                : 0, limit = request.Limit, offset = request.Offset }),
    ];

    /// <summary>After the cursor's trial; where that has left the filter meanwhile, from where it was.</summary>
    private static long[] Page(long[] numbers, TrialTableRequest request)
    {
        var from = (long)request.Offset;
        if (request.Cursor is { } cursor)
        {
            var (last, place) = Decode(cursor);
            from += Array.IndexOf(numbers, last) is >= 0 and var found ? found + 1 : Math.Max(0, place - 1);
        }

        return from >= numbers.Length ? [] : numbers[(int)from..(int)Math.Min(numbers.Length, from + request.Limit)];
    }

    private static List<List<object?>> Columns(SqliteConnection connection, SweepId sweep, List<TableColumn> shown, long[] page)
    {
        var columns = shown.Select(_ => new List<object?>(page.Length)).ToList();
        var configured = shown.Exists(column => column.Path is not null);
        var sql = shown.Select(column => column.Path is null ? column.Sql : "null").Append(configured ? "params" : "null");
        using var reader = connection.ExecuteReader(
            $"""
            select {string.Join(", ", sql)}
            from (select key as place, value as wanted from json_each(@page))
            cross join trial on sweep = @sweep and number = wanted
            order by place
            """,
            new { sweep = sweep.Value, page = JsonSerializer.Serialize(page) });
        while (reader.Read())
        {
            using var configuration = configured ? JsonDocument.Parse(reader.GetString(shown.Count)) : null;
            for (var i = 0; i < columns.Count; i++)
            {
                columns[i].Add(shown[i].Path is { } path ? At(configuration!.RootElement, path) : Value(reader, i));
            }
        }

        return columns;
    }

    /// <summary>The JSON at a path; null where there is none.</summary>
    private static string? At(JsonElement value, ImmutableArray<string> path)
    {
        foreach (var part in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(part, out value)) return null;
        }

        return value.GetRawText();
    }

    private static string? Filter(SqliteConnection connection, TableColumns known, SweepId sweep, string? where, DynamicParameters values)
    {
        if (string.IsNullOrWhiteSpace(where)) return null;

        var sql = new SqlExpression(name => known.Find(name)?.Sql ?? RareParameter(connection, sweep, name));
        string text;
        try
        {
            text = sql.Write(Expression.Parse(where));
        }
        catch (ExpressionException error) when (error.UnknownName is { } name)
        {
            throw known.Unknown(name, error.Message, error.Offset);
        }

        for (var i = 0; i < sql.Values.Count; i++)
        {
            values.Add($"w{i}", sql.Values[i]);
        }

        return text;
    }

    /// <summary>A parameter that neither the file nor a trial of the sample has.</summary>
    private static string? RareParameter(SqliteConnection connection, SweepId sweep, string name)
    {
        var bare = name.StartsWith(TrialTable.ParameterPrefix, StringComparison.Ordinal)
            ? name[TrialTable.ParameterPrefix.Length..]
            : name;
        return new[] { TableColumns.ParameterSql([bare]), TableColumns.ParameterSql(bare.Split('.')) }.FirstOrDefault(sql =>
            connection.QuerySingleOrDefault<long?>(
                $"select 1 from trial where sweep = @sweep and {sql} is not null limit 1", new { sweep = sweep.Value }) is not null);
    }

    private static SortOrder Order(TableColumns known, string? sort)
    {
        var descending = sort?.StartsWith('-') == true;
        var name = sort?.TrimStart('-') is { Length: > 0 } given ? given : "number";
        return new SortOrder((known.Find(name) ?? throw known.Unknown(name)).Sql, descending);
    }

    /// <param name="place">Trials up to and with this one, in their order.</param>
    private static string Encode(long number, int place) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} {place}")));

    private static (long Number, int Place) Decode(string cursor)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(cursor)).Split(' ');
            return parts is [var number, var place]
                ? (long.Parse(number, CultureInfo.InvariantCulture), int.Parse(place, CultureInfo.InvariantCulture))
                : throw new FormatException();
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new QueryException($"'{cursor}' is no cursor of a page", "take 'next' of the page before, or leave it out for the first");
        }
    }

    /// <summary>Those of the file, and after them what some of the trials have besides.</summary>
    private List<ImmutableArray<string>> Parameters(SqliteConnection connection, SweepId sweep)
    {
        var space = Space(connection, sweep);
        var some = connection.Query<string>(
            """
            select params from (select params from trial where sweep = @sweep order by number limit @half)
            union all
            select params from (select params from trial where sweep = @sweep order by number desc limit @half)
            """,
            new { sweep = sweep.Value, half = Sampled / 2 });
        return
        [
            .. (space?.Dimensions.Select(dimension => dimension.Path) ?? []).Concat(some
                .SelectMany(one => FlatParameters.Paths(ParameterSet.FromJson(one), space)).Select(leaf => leaf.Path))
                .DistinctBy(path => string.Join('.', path)),
        ];
    }

    /// <summary>Of the stored file; null where this program no longer reads it.</summary>
    private SearchSpace? Space(SqliteConnection connection, SweepId sweep)
    {
        var digest = connection.QuerySingle<string>("select digest from sweep where id = @id", new { id = sweep.Value });
        if (_space is not { } known || known.Sweep != sweep || known.Digest != digest)
        {
            var source = connection.QuerySingle<string>("select source from sweep where id = @id", new { id = sweep.Value });
            known = new KnownSpace(sweep, digest, SweepFile.ReadStored(source, $"{sweep}.yaml")?.Space);
            _space = known;
        }

        return known.Space;
    }

    private static string And(string? condition) => condition is null ? "" : $" and {condition}";

    private static object? Value(IDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetValue(column);

    private sealed record KnownSpace(SweepId Sweep, string Digest, SearchSpace? Space);

    private sealed record SortOrder(string Sql, bool Descending)
    {
        public string Clause => Sql == "number"
            ? Descending ? "number desc" : "number"
            : string.Create(CultureInfo.InvariantCulture, $"{Sql} is null, {Sql}{(Descending ? " desc" : "")}, number");
    }
}
