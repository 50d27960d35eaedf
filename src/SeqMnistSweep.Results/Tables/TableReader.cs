using System.Data;
using System.Text;
using System.Text.Json;
using Dapper;
using SeqMnistSweep.Results.Reading;

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

    /// <returns>Null when there is no such sweep.</returns>
    /// <exception cref="QueryException">The filter, the order or a column is wrong.</exception>
    public TrialTable? Trials(SweepId sweep, TrialTableRequest request)
    {
        try
        {
            return ReadConnection.Read(path, connection =>
                connection.QuerySingleOrDefault<string>("select metric from sweep where id = @id", new { id = sweep.Value }) is { } metric
                    ? Read(connection, sweep, metric, request)
                    : null);
        }
        catch (ExpressionException error)
        {
            throw new QueryException(error.Message, $"write it as in constraints: lr < 0.001 and optimizer == 'Adam'", error.Offset);
        }
    }

    /// <summary>First which trials, by number, then their columns: what is not shown is not read.</summary>
    private TrialTable Read(SqliteConnection connection, SweepId sweep, string metric, TrialTableRequest request)
    {
        var known = new TableColumns(metric, ParameterNames(connection, sweep));
        var order = Order(known, request.Sort);
        var total = connection.QuerySingle<long>("select coalesce(max(number), 0) from trial where sweep = @sweep",
            new { sweep = sweep.Value }); // they have no gap
        var plain = string.IsNullOrWhiteSpace(request.Where) && order.Sql == "number" && !order.Descending;
        var numbers = plain ? null : orders is null ? Numbers(connection, known, sweep, request, order) : orders.Get(
            sweep, request.Where, request.Sort, () => Numbers(connection, known, sweep, request, order));
        var names = (request.Columns ?? [.. Usual, .. known.Parameters]).Distinct().ToList();
        var shown = names.Select(name => known.Shown(name) is { } found ? (Name: name, found.Sql, found.IsJson) : throw known.Unknown(name))
            .ToList();
        var page = numbers is null ? PlainPage(connection, sweep, request) : Page(numbers, request);
        var columns = Columns(connection, sweep, [.. shown.Select(column => column.Sql)], page);
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

    private static List<List<object?>> Columns(SqliteConnection connection, SweepId sweep, IReadOnlyList<string> shown, long[] page)
    {
        var columns = shown.Select(_ => new List<object?>(page.Length)).ToList();
        using var reader = connection.ExecuteReader(
            $"""
            select {string.Join(", ", shown.Append("number"))}
            from (select key as place, value as wanted from json_each(@page))
            cross join trial on sweep = @sweep and number = wanted
            order by place
            """,
            new { sweep = sweep.Value, page = JsonSerializer.Serialize(page) });
        while (reader.Read())
        {
            for (var i = 0; i < columns.Count; i++)
            {
                columns[i].Add(Value(reader, i));
            }
        }

        return columns;
    }

    private static string? Filter(SqliteConnection connection, TableColumns known, SweepId sweep, string? where, DynamicParameters values)
    {
        if (string.IsNullOrWhiteSpace(where)) return null;

        var sql = new SqlExpression(name => known.Find(name) ?? RareParameter(connection, sweep, name));
        string text;
        try
        {
            text = sql.Write(Expression.Parse(where));
        }
        catch (ExpressionException error) when (error.UnknownName is { } name)
        {
            throw new QueryException(
                error.Message, NearestName.Suggest(name, [.. TableColumns.OwnNames, .. known.Parameters]), error.Offset);
        }

        for (var i = 0; i < sql.Values.Count; i++)
        {
            values.Add($"w{i}", sql.Values[i]);
        }

        return text;
    }

    /// <summary>A parameter that no trial of the sample has, for it is seldom active. Names in expressions hold no quotes.</summary>
    private static string? RareParameter(SqliteConnection connection, SweepId sweep, string name)
    {
        var path = $"'$.\"{name}\"'";
        return connection.QuerySingleOrDefault<long?>(
            $"select 1 from trial where sweep = @sweep and json_type(params, {path}) is not null limit 1",
            new { sweep = sweep.Value }) is null
            ? null
            : $"json_extract(params, {path})";
    }

    private static SortOrder Order(TableColumns known, string? sort)
    {
        var descending = sort?.StartsWith('-') == true;
        var name = sort?.TrimStart('-') is { Length: > 0 } given ? given : "number";
        return new SortOrder(known.Find(name) ?? throw known.Unknown(name), descending);
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

    private static List<string> ParameterNames(SqliteConnection connection, SweepId sweep) => connection.Query<string>(
        """
        with few as (
          select number, params from (select number, params from trial where sweep = @sweep order by number limit @half)
          union all
          select number, params from (select number, params from trial where sweep = @sweep order by number desc limit @half)
        )
        select key from few, json_each(few.params) group by key order by min(number * 1000000 + json_each.id), key
        """,
        new { sweep = sweep.Value, half = Sampled / 2 }).Where(name => !name.Contains('"', StringComparison.Ordinal)).AsList();

    private static string And(string? condition) => condition is null ? "" : $" and {condition}";

    private static object? Value(IDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetValue(column);

    private sealed record SortOrder(string Sql, bool Descending)
    {
        public string Clause => Sql == "number"
            ? Descending ? "number desc" : "number"
            : string.Create(CultureInfo.InvariantCulture, $"{Sql} is null, {Sql}{(Descending ? " desc" : "")}, number");
    }
}
