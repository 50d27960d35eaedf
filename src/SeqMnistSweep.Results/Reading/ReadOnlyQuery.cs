using System.Runtime.InteropServices;
using System.Text;
using Dapper;
using SQLitePCL;

namespace SeqMnistSweep.Results.Reading;

/// <summary>One SQL query of a user, over the views and without any effect: on a read-only connection of its own, one statement, no
/// attached files, no settings, a limit of rows and of time.</summary>
/// <param name="MaxRows">Rows after which the result is cut off, and says so.</param>
public sealed record ReadOnlyQuery(string Sql, int MaxRows = 1000)
{
    /// <summary>Virtual machine steps between two looks at the clock: some tens of microseconds.</summary>
    private const int StepsPerCheck = 4000;

    private static readonly HashSet<string> Changes =
        new(StringComparer.OrdinalIgnoreCase) { "insert", "update", "delete", "replace", "create", "alter", "drop" };

    /// <summary>How long the query may run; above 0.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What it may take.</summary>
    public QueryLimits Limits { get; init; } = QueryLimits.OfOwner;

    /// <exception cref="QueryException">The query is wrong, would do more than read, or takes too long.</exception>
    /// <exception cref="DatabaseMissingException">There is no such file.</exception>
    /// <exception cref="DatabaseException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public QueryResult Run(string path, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRows);
        using var connection = ReadConnection.Open(System.IO.Path.GetFullPath(path));
        connection.Execute("pragma trusted_schema = off");
        if (Limits.Memory is { } memory)
        {
            // Nor may what is sorted or grouped fill the disk.
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture, $"pragma hard_heap_limit = {memory}; pragma temp_store = memory"));
        }

        var database = connection.Handle!;
        raw.sqlite3_limit(database, raw.SQLITE_LIMIT_LENGTH, Limits.Value);

        var guard = new QueryGuard();
        delegate_authorizer authorize = guard.Authorize;
        raw.sqlite3_set_authorizer(database, authorize, null);
        var start = time.GetTimestamp();
        delegate_progress stop = _ => cancellation.IsCancellationRequested || time.GetElapsedTime(start) > Timeout ? 1 : 0;
        raw.sqlite3_progress_handler(database, StepsPerCheck, stop, null);
        try
        {
            using var statement = Prepare(database, guard);
            return Read(database, statement, guard, path, cancellation);
        }
        catch (QueryException error) when (error.Hint is null && QueryNames.Nearest(path, Sql, error.Position) is { } hint)
        {
            throw new QueryException(error.Message, hint, error.Position);
        }
        finally
        {
            GC.KeepAlive(authorize);
            GC.KeepAlive(stop);
        }
    }

    /// <summary>Whether it wants to change something: a view cannot be changed anyway, which is what SQLite would say.</summary>
    private bool IsChange() =>
        Sql.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is [var verb, ..] && Changes.Contains(verb);

    private static QueryException OnlyReads() => new("a query only reads: changing anything is not allowed");

    private sqlite3_stmt Prepare(sqlite3 database, QueryGuard guard)
    {
        var code = raw.sqlite3_prepare_v2(database, Sql, out var statement, out var rest);
        if (guard.Refused is { } refused)
        {
            throw Refusal(refused);
        }

        if (code != raw.SQLITE_OK)
        {
            throw IsChange() ? OnlyReads()
                : new QueryException(raw.sqlite3_errmsg(database).utf8_to_string(), null, ErrorPosition(database));
        }

        if (statement.IsInvalid)
        {
            throw new QueryException("the query is empty", "one SELECT, for example: select * from leaderboard");
        }

        if (raw.sqlite3_stmt_readonly(statement) == 0)
        {
            throw OnlyReads();
        }

        // What follows the first statement may be comments only, which prepare to nothing.
        var code2 = raw.sqlite3_prepare_v2(database, rest, out var second);
        using (second)
        {
            if (code2 != raw.SQLITE_OK || !second.IsInvalid)
            {
                throw new QueryException("only one statement at a time", "run one after the other", Sql.Length - rest.Length);
            }
        }

        return statement;
    }

    private static QueryException Refusal(string refused) => new(
        $"a query only reads: {refused} is not allowed",
        "the views are in: seqsweep query \"select name from sqlite_schema where type = 'view'\"");

    private QueryResult Read(sqlite3 database, sqlite3_stmt statement, QueryGuard guard, string path, CancellationToken cancellation)
    {
        var columns = Enumerable.Range(0, raw.sqlite3_column_count(statement))
            .Select(i => raw.sqlite3_column_name(statement, i).utf8_to_string()).ToList();
        var rows = new List<IReadOnlyList<object?>>();
        var bytes = 0L;
        while (true)
        {
            var code = raw.sqlite3_step(statement);
            switch (code & 0xFF)
            {
                case raw.SQLITE_DONE:
                    return new QueryResult(columns, rows, More: false);
                case raw.SQLITE_ROW when rows.Count == MaxRows || (bytes += SizeOf(statement, columns.Count)) > Limits.Result:
                    return new QueryResult(columns, rows, More: true);
                case raw.SQLITE_ROW:
                    rows.Add([.. Enumerable.Range(0, columns.Count).Select(i => Value(statement, i))]);
                    break;
                case raw.SQLITE_INTERRUPT:
                    cancellation.ThrowIfCancellationRequested();
                    throw QueryException.Late(Timeout);
                case raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_IOERR or raw.SQLITE_BUSY:
                    throw DatabaseException.From(new SqliteException(raw.sqlite3_errmsg(database).utf8_to_string(), code), path);
                case raw.SQLITE_NOMEM:
                    throw new QueryException("the query takes too much memory", "ask for less, or sort and group less at once");
                case raw.SQLITE_AUTH when guard.Refused is { } refused:
                    throw Refusal(refused); // of a pragma that is read like a table, which SQLite finds out only now
                default:
                    throw new QueryException(raw.sqlite3_errmsg(database).utf8_to_string());
            }
        }
    }

    private static long SizeOf(sqlite3_stmt row, int columns)
    {
        var size = 0L;
        for (var column = 0; column < columns; column++)
        {
            size += QueryLimits.EveryValue;
            if (raw.sqlite3_column_type(row, column) is raw.SQLITE_TEXT or raw.SQLITE_BLOB)
            {
                size += raw.sqlite3_column_bytes(row, column);
            }
        }

        return size;
    }

    private static object? Value(sqlite3_stmt statement, int column) => raw.sqlite3_column_type(statement, column) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, column),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement, column),
        raw.SQLITE_TEXT => raw.sqlite3_column_text(statement, column).utf8_to_string(),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, column).ToArray(),
        _ => null,
    };

    /// <summary>SQLite counts in bytes of UTF-8; people in characters.</summary>
    private int? ErrorPosition(sqlite3 database)
    {
        var bytes = ErrorOffset(database.DangerousGetHandle());
        return bytes < 0 ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Sql).AsSpan(0, bytes)).Length;
    }

    // SQLitePCLRaw has no binding for this one.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_error_offset")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int ErrorOffset(IntPtr database);
}
