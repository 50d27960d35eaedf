namespace SeqMnistSweep.Results;

/// <summary>The database file cannot be used, or a write did not take place. The message names the file and says what is the
/// matter.</summary>
/// <param name="hint">What to do about it, when that is known.</param>
public sealed class DatabaseException(string message, string? hint = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do about it; null where nothing is known.</summary>
    public string? Hint { get; } = hint;

    internal static DatabaseException From(SqliteException error, string path)
    {
        var (message, hint) = error.SqliteErrorCode switch
        {
            SqliteCodes.NotADatabase => ($"{path} is not an SQLite database", "name another file with --db"),
            SqliteCodes.Corrupt => (
                $"{path} is damaged: {error.Message}", "restore a backup; what is left can be read with: sqlite3 FILE .recover"),
            SqliteCodes.Full => ($"no space is left for {path}", "free some disk space"),
            SqliteCodes.Busy or SqliteCodes.Locked => (
                $"{path} is locked by another program{Who(path)}",
                "close the program that writes to it, for instance an open sqlite3 shell"),
            SqliteCodes.ReadOnly => ($"{path} cannot be written", "check the rights of the file and of its folder"),
            SqliteCodes.CannotOpen => ($"{path} cannot be opened", "check that its folder exists and may be entered and written"),
            SqliteCodes.InputOutput => ($"reading or writing {path} failed: {error.Message}", "check the disk"),
            _ => ($"{path}: {error.Message}", null),
        };
        return new DatabaseException(message, hint, error);
    }

    private static string Who(string path) =>
        OpenFiles.OthersWith(path) is { Count: > 0 } others ? $"; it is open in {string.Join(", ", others.Take(5))}" : "";
}

/// <summary>There is no database file at <paramref name="path"/>.</summary>
public sealed class DatabaseMissingException(string path) : Exception($"there is no database {path}")
{
    /// <summary>The full path where no database is.</summary>
    public string Path { get; } = path;
}
