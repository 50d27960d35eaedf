using System.Data;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.SearchSpaces.Expressions;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tables;

/// <summary>Pages of trials, filtered and sorted by the database: what a client with a hundred thousand of them asks for. Safe for use by many threads.</summary>
public sealed class TableReader(string path)
{
    /// <summary>Trials of a large sweep whose parameters are looked at to learn their names.</summary>
    private const int Sampled = 200;

    private static readonly string[] Usual =
        ["number", "configuration", "state", "cause", "value", "best_epoch", "epochs_done", "test_accuracy", "seed", "attempts", "worker", "seconds"];

    /// <returns>Null when there is no such sweep.</returns>
    /// <exception cref="QueryException">The filter, the order or a column is wrong.</exception>
    public TrialTable? Trials(SweepId sweep, TrialTableRequest request)
    {
        using var connection = ReadConnection.Open(path);
        try
        {
            var metric = connection.QuerySingleOrDefault<string>("select metric from sweep where id = @id", new { id = sweep.Value });
            return metric is null ? null : Read(connection, sweep, metric, request);
        }
        catch (SqliteException error)
        {
            throw DatabaseException.From(error, path);
        }
        catch (ExpressionException error)
        {
            throw new QueryException(error.Message, $"write it as in constraints: lr < 0.001 and optimizer == 'Adam'", error.Offset);
        }
    }

    private static TrialTable Read(SqliteConnection connection, SweepId sweep, string metric, TrialTableRequest request)
    {
        var known = new TrialColumns(metric, ParameterNames(connection, sweep));
        var values = new DynamicParameters(new { sweep = sweep.Value });
        var filter = Filter(connection, known, sweep, request.Where, values);
        var order = Order(known, request.Sort);
        var total = connection.QuerySingle<long>("select count(*) from trial where sweep = @sweep", values);
        var matched = filter is null ? total : connection.QuerySingle<long>($"select count(*) from trial where sweep = @sweep and {filter}", values);
        var names = (request.Columns ?? [.. Usual, .. known.Parameters]).Distinct().ToList();
        var shown = names.Select(name => known.Shown(name) is { } found ? (Name: name, found.Sql, found.IsJson) : throw Refuse(known.Unknown(name))).ToList();
        var after = request.Cursor is { } cursor ? After(order, cursor, values) : null;
        values.Add("limit", request.Limit);
        values.Add("offset", request.Offset);
        var columns = shown.Select(column => new List<object?>(request.Limit)).ToList();
        (object? Key, long Number) last = default;
        using (var reader = connection.ExecuteReader(
            $"""
            select {string.Join(", ", shown.Select(column => column.Sql).Append(order.Sql).Append("number"))}
            from trial
            where sweep = @sweep{And(filter)}{And(after)}
            order by {order.Clause}
            limit @limit offset @offset
            """,
            values))
        {
            while (reader.Read())
            {
                for (var i = 0; i < columns.Count; i++)
                {
                    columns[i].Add(Value(reader, i));
                }

                last = (Value(reader, columns.Count), reader.GetInt64(columns.Count + 1));
            }
        }

        var full = columns.Count > 0 && columns[0].Count == request.Limit && request.Limit > 0;
        return new TrialTable(
            total,
            matched,
            full ? Encode(last.Key, last.Number) : null,
            known.Parameters,
            [.. shown.Select((column, i) => new TrialColumn(column.Name, column.IsJson, columns[i]))]);
    }

    private static string? Filter(SqliteConnection connection, TrialColumns known, SweepId sweep, string? where, DynamicParameters values)
    {
        if (string.IsNullOrWhiteSpace(where))
        {
            return null;
        }

        var sql = new SqlExpression(name => known.Find(name) ?? RareParameter(connection, sweep, name));
        string text;
        try
        {
            text = sql.Write(Expression.Parse(where));
        }
        catch (ExpressionException error) when (error.UnknownName is { } name)
        {
            throw new QueryException(error.Message, NearestName.Suggest(name, [.. TrialColumns.OwnNames, .. known.Parameters]), error.Offset);
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
        return connection.QuerySingleOrDefault<long?>($"select 1 from trial where sweep = @sweep and json_type(params, {path}) is not null limit 1", new { sweep = sweep.Value }) is null
            ? null
            : $"json_extract(params, {path})";
    }

    private static SortOrder Order(TrialColumns known, string? sort)
    {
        var descending = sort?.StartsWith('-') == true;
        var name = sort?.TrimStart('-') is { Length: > 0 } given ? given : "number";
        return new SortOrder(known.Find(name) ?? throw Refuse(known.Unknown(name)), descending);
    }

    private static QueryException Refuse(TrialColumns.QueryRefusal refusal) => new(refusal.Message, refusal.Hint);

    private static string After(SortOrder order, string cursor, DynamicParameters values)
    {
        var (key, number) = Decode(cursor);
        values.Add("after", number);
        values.Add("key", key);
        var later = order.Descending ? "<" : ">";
        return key is null
            ? $"({order.Sql} is null and number > @after)"
            : $"({order.Sql} is null or {order.Sql} {later} @key or ({order.Sql} = @key and number > @after))";
    }

    private static string Encode(object? key, long number) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new object?[] { key, number }));

    private static (object? Key, long Number) Decode(string cursor)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(cursor)));
            var key = document.RootElement[0];
            return (key.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => key.GetString(),
                _ => key.TryGetInt64(out var whole) ? (object)whole : key.GetDouble(),
            }, document.RootElement[1].GetInt64());
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or IndexOutOfRangeException)
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
