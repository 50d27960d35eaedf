using SQLitePCL;

namespace SeqMnistSweep.Results.Reading;

/// <summary>What a user's query may do: select from tables and views, call functions, and look at the schema. It is asked by SQLite while a
/// statement is prepared, for every table, function and pragma in it (https://sqlite.org/c3ref/c_alter_table.html).</summary>
internal sealed class QueryGuard
{
    private static readonly HashSet<string> Pragmas = new(StringComparer.OrdinalIgnoreCase)
    {
        "table_list", "table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list",
        "function_list", "pragma_list", "collation_list", "compile_options",
    };

    private static readonly HashSet<string> Functions =
        new(StringComparer.OrdinalIgnoreCase) { "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit" };

    /// <summary>What lets people in, or says who they are.</summary>
    private static readonly HashSet<string> Closed =
        new(StringComparer.OrdinalIgnoreCase) { "tokens", "join_secrets", "certificates", "member", "audit", "audit_entry" };

    /// <summary>The first thing that was refused, as a phrase; null when nothing was.</summary>
    public string? Refused { get; private set; }

    public int Authorize(object? user, int action, utf8z first, utf8z second, utf8z database, utf8z trigger)
    {
        var refused = action switch
        {
            raw.SQLITE_READ => Closed.Contains(first.utf8_to_string() ?? "") ? $"the table {first.utf8_to_string()}" : null,
            raw.SQLITE_SELECT or raw.SQLITE_RECURSIVE => null,
            raw.SQLITE_FUNCTION => Functions.Contains(second.utf8_to_string() ?? "") ? $"the function {second.utf8_to_string()}" : null,
            raw.SQLITE_PRAGMA => Pragmas.Contains(first.utf8_to_string() ?? "") ? null : $"the pragma {first.utf8_to_string()}",
            raw.SQLITE_ATTACH => "attaching another database",
            raw.SQLITE_DETACH => "detaching a database",
            raw.SQLITE_TRANSACTION or raw.SQLITE_SAVEPOINT => "a transaction",
            _ => "changing anything",
        };
        Refused ??= refused;
        return refused is null ? raw.SQLITE_OK : raw.SQLITE_DENY;
    }
}
