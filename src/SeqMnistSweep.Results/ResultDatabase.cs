using Dapper;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Results;

/// <summary>A database opened for writing: created or migrated, and locked against every other head until disposed. Its one writer is a
/// <c>ResultWriter</c>; readers need none of this and use <c>ResultReader</c>.</summary>
public sealed class ResultDatabase : IDisposable
{
    private readonly LockFile _lock;

    private ResultDatabase(string path, LockFile @lock, string? backup)
    {
        Path = path;
        _lock = @lock;
        Backup = backup;
    }

    /// <summary>The schema that this program writes and reads.</summary>
    public static int SchemaVersion => Migration.All.Count;

    /// <summary>Version of the SQLite library that comes with the program.</summary>
    public static string SqliteVersion
    {
        get
        {
            using var connection = new SqliteConnection("Data Source=:memory:");
            return connection.ExecuteScalar<string>("select sqlite_version()")!;
        }
    }

    /// <summary>The path of the database itself where <paramref name="path"/> is a link to it, else the same.</summary>
    public static string RealPathOf(string path) => LockFile.RealPathOf(path);

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>The copy that was made before an older schema was migrated; null when there was nothing to migrate.</summary>
    public string? Backup { get; }

    /// <summary>Opens the file, creating it and its folder when they are missing.</summary>
    /// <exception cref="DatabaseException">Another head has it, by whatever path; it is damaged, newer than this program, no database of
    /// ours, cannot be written, has two names, or lies on a network file system.</exception>
    public static ResultDatabase Open(string path, TimeProvider time) => Open(path, time, Migration.All, Mounts.OfThisMachine());

    internal static ResultDatabase Open(string path, TimeProvider time, IReadOnlyList<Migration> migrations, string mounts = "")
    {
        path = System.IO.Path.GetFullPath(path);
        CreateFolder(path);
        var @lock = LockFile.Acquire(path, time);
        try
        {
            RefusePlace(@lock.RealPath, mounts);
            using var connection = Connect(path);
            var migrator = new Migrator(migrations);
            migrator.Check(connection, path); // before anything is changed: the file may be somebody else's
            Verify(connection, path);
            UseLog(connection, path);
            var backup = migrator.Migrate(connection, path);
            return new ResultDatabase(path, @lock, backup);
        }
        catch (SqliteException error)
        {
            @lock.Dispose();
            throw DatabaseException.From(error, path);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Gives the lock back. Dispose the writer first.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Where the database lies, without links on the way.</summary>
    internal string RealPath => _lock.RealPath;

    /// <summary>A connection for the writer.</summary>
    internal SqliteConnection Connect()
    {
        try
        {
            var connection = Connect(Path);
            UseLog(connection, Path);
            return connection;
        }
        catch (SqliteException error)
        {
            throw DatabaseException.From(error, Path);
        }
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,

            // The lock made the file where there was none: one that is gone by now was moved away, and is not begun anew.
            Mode = OperatingSystem.IsLinux() ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("pragma busy_timeout = 5000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Write-ahead log, so that readers and the writer never wait for each other; FULL, so that a commit is on the disk before it
    /// is acknowledged.</summary>
    private static void UseLog(SqliteConnection connection, string path)
    {
        var mode = connection.ExecuteScalar<string>("pragma journal_mode = wal");
        if (mode != "wal")
        {
            throw new DatabaseException(
                $"{path} cannot use a write-ahead log here (journal mode {mode})", "keep the database on a local disk");
        }

        // The log is cut back to 64 MiB after a long reader kept it growing.
        connection.Execute("pragma synchronous = full; pragma journal_size_limit = 67108864");
    }

    /// <summary>There a write-ahead log loses or tears what it was given: its shared memory is not shared between machines, and locks may
    /// be promises. A file that is mounted by itself has its log elsewhere under its other path.</summary>
    private static void RefusePlace(string path, string mounts)
    {
        if (Mounts.Of(path, mounts) is not { } mount) return;

        if (mount.Place == path)
        {
            throw new DatabaseException(
                $"{path} is a mount of a single file, and its write-ahead log would not lie beside it under its other path",
                "mount its folder instead");
        }

        if (Mounts.IsRemote(mount.Kind))
        {
            throw new DatabaseException(
                $"{path} lies on a network file system ({mount.Kind}, mounted at {mount.Place}): SQLite's locks and its write-ahead log "
                    + "are not safe there",
                "keep it on a local disk: --db /var/lib/seqsweep/sweeps.db; its results reach other machines through the head, or by "
                    + "'seqsweep backup'");
        }
    }

    private static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DatabaseException($"{path} is a folder, not a database", "name a file with --db");
        }

        try
        {
            PrivateFile.CreateMissingFolders(System.IO.Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException($"the folder of {path} cannot be created: {error.Message}", "name another place with --db", error);
        }
    }

    /// <summary>Reads every page once, so that damage is found before a sweep is built on it and not in the middle of one.</summary>
    private static void Verify(SqliteConnection connection, string path)
    {
        var verdict = connection.ExecuteScalar<string>("pragma quick_check(1)");
        if (verdict != "ok")
        {
            throw new DatabaseException(
                $"{path} is damaged: {verdict}", "restore a backup; what is left can be read with: sqlite3 FILE .recover");
        }
    }
}
