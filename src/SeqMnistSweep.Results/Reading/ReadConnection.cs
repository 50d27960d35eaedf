using Dapper;

namespace SeqMnistSweep.Results.Reading;

/// <summary>Connections that can only read. Any number of them works beside the head, and without one.</summary>
internal static class ReadConnection
{
    /// <summary>Reads on a connection of its own.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static T Read<T>(string path, Func<SqliteConnection, T> read)
    {
        using var connection = Open(path);
        try
        {
            return read(connection);
        }
        catch (SqliteException error)
        {
            throw DatabaseException.From(error, path);
        }
    }

    /// <exception cref="DatabaseException">The file is missing, damaged, of another program, or has another schema than this program
    /// reads.</exception>
    /// <param name="anySchema">Also where the database has an earlier schema.</param>
    public static SqliteConnection Open(string path, bool anySchema = false)
    {
        if (!File.Exists(path))
        {
            throw Directory.Exists(path)
                ? new DatabaseException($"{path} is a folder, not a database", "name a file with --db")
                : new DatabaseMissingException(path);
        }

        try
        {
            return OpenExisting(path, path, anySchema);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SqliteCodes.CannotOpen or SqliteCodes.ReadOnly && !HasLog(path))
        {
            // A file on a read-only medium: the log's shared memory cannot be made beside it, and nobody can be writing either.
            return OpenUnchanging(path, anySchema);
        }
        catch (SqliteException error)
        {
            throw DatabaseException.From(error, path);
        }
    }

    private static bool HasLog(string path) => File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length > 0;

    private static SqliteConnection OpenUnchanging(string path, bool anySchema)
    {
        try
        {
            return OpenExisting("file:" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)) + "?immutable=1", path, anySchema);
        }
        catch (SqliteException error)
        {
            throw DatabaseException.From(error, path);
        }
    }

    private static SqliteConnection OpenExisting(string source, string path, bool anySchema)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("pragma busy_timeout = 5000; pragma query_only = on");
            var migrator = new Migrator(Migration.All);
            var version = migrator.Check(connection, path);
            if (version < migrator.Latest && !anySchema)
            {
                throw new DatabaseException(
                    $"{path} has schema {version}, and this program reads {migrator.Latest}",
                    "the next head or run on it migrates it, after a backup");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
