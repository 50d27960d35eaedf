using SQLitePCL;

namespace SeqMnistSweep.Results.Writing;

/// <summary>The writer's statements, prepared once each: preparing costs several times what running one does. Straight on SQLite's own
/// calls: ADO.NET looks every parameter up by name on every execution, which cost more than the statements themselves.</summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, Prepared> _prepared = new(StringComparer.Ordinal);

    private sqlite3 Database => connection.Handle!;

    /// <summary>Runs <paramref name="sql"/>; the values go to its parameters by name. NaN, which SQLite lacks, becomes null.</summary>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="SqliteException">SQLite refused it.</exception>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        Scalar(sql, values);
        return raw.sqlite3_changes(Database);
    }

    /// <summary>The first column of the first row, or null without a row.</summary>
    /// <exception cref="SqliteException">SQLite refused it.</exception>
    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var statement = Bind(sql, values);
        try
        {
            // A step after the last would run the statement once more.
            if (!Step(statement)) return null;

            var value = ValueOf(statement);

            // A statement that writes and returns is done only when it was stepped to its end.
            while (Step(statement))
            {
            }

            return value;
        }
        finally
        {
            Reset(statement);
        }
    }

    public void Dispose()
    {
        foreach (var prepared in _prepared.Values)
        {
            prepared.Statement.Dispose();
        }
    }

    private sqlite3_stmt Bind(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out var prepared))
        {
            Check(raw.sqlite3_prepare_v3(Database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
            prepared = new Prepared(statement, PlacesOf(statement, sql, values));
            _prepared.Add(sql, prepared);
        }

        for (var i = 0; i < values.Length; i++)
        {
            Check(BindOne(prepared.Statement, prepared.Places[i], values[i].Value));
        }

        return prepared.Statement;
    }

    private static int[] PlacesOf(sqlite3_stmt statement, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var places = new int[values.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = raw.sqlite3_bind_parameter_index(statement, "@" + values[i].Name);
            if (places[i] == 0)
            {
                throw new InvalidOperationException($"there is no parameter @{values[i].Name} in: {sql}");
            }
        }

        return raw.sqlite3_bind_parameter_count(statement) == places.Distinct().Count()
            ? places
            : throw new InvalidOperationException($"not every parameter has a value in: {sql}");
    }

    private static int BindOne(sqlite3_stmt statement, int place, object? value) => value switch
    {
        null or double.NaN => raw.sqlite3_bind_null(statement, place),
        string text => raw.sqlite3_bind_text(statement, place, text),
        int number => raw.sqlite3_bind_int(statement, place, number),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        double number => raw.sqlite3_bind_double(statement, place, number),
        bool flag => raw.sqlite3_bind_int(statement, place, flag ? 1 : 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
        _ => throw new ArgumentException($"a {value.GetType().Name} cannot be stored", nameof(value)),
    };

    private static object? ValueOf(sqlite3_stmt statement) => raw.sqlite3_column_type(statement, 0) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, 0),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement, 0),
        raw.SQLITE_TEXT => raw.sqlite3_column_text(statement, 0).utf8_to_string(),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, 0).ToArray(),
        _ => null,
    };

    /// <returns>Whether there is a row.</returns>
    private bool Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(code);
        }

        return code == raw.SQLITE_ROW;
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, Database);

    /// <summary>Its error, if any, was thrown by the step. What was bound is bound again the next time.</summary>
    private static void Reset(sqlite3_stmt statement) => raw.sqlite3_reset(statement);

    /// <param name="Places">SQLite's number of each value's parameter.</param>
    private sealed record Prepared(sqlite3_stmt Statement, int[] Places);
}
