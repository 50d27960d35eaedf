using Dapper;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Results.Reading;

/// <summary>Backups: a copy of a database as of one moment, made by a reader beside the head that writes.</summary>
public static class DatabaseCopy
{
    private const string Unsent = ".unsent-";

    /// <summary>Writes the copy, reads it whole and puts it in its place; what is at <paramref name="target"/> is never
    /// overwritten.</summary>
    /// <returns>Bytes of the copy.</returns>
    /// <exception cref="DatabaseMissingException">There is no database.</exception>
    /// <exception cref="DatabaseException">It cannot be read, or the copy cannot be written.</exception>
    public static long Write(string path, string target)
    {
        target = System.IO.Path.GetFullPath(target);
        Refuse(target);
        var partial = AtomicFile.NameBeside(target);
        try
        {
            using (var connection = ReadConnection.Open(System.IO.Path.GetFullPath(path)))
            {
                PrivateFile.Open(partial, FileMode.CreateNew, FileAccess.Write).Dispose(); // an empty file is written into, and keeps its mode
                connection.Execute("pragma query_only = off"); // The connection itself is read-only; VACUUM counts as a write to it.
                connection.Execute("vacuum into @partial", new { partial });
            }

            return Place(partial, target);
        }
        catch (SqliteException error)
        {
            throw DatabaseException.From(error, target);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>A copy without a name, which takes room on the disk until it is closed.</summary>
    /// <returns>Open for reading.</returns>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static FileStream Unnamed(string path)
    {
        var copy = $"{path}{Unsent}{Guid.NewGuid():N}";
        try
        {
            Write(path, copy);
            return new FileStream(
                copy, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>A copy of a database that an earlier program wrote, with this program's schema.</summary>
    /// <param name="folder">Where it is made.</param>
    /// <returns>Null where the database has this schema itself.</returns>
    /// <exception cref="DatabaseMissingException">There is no database.</exception>
    /// <exception cref="DatabaseException">It cannot be read, or the copy cannot be written.</exception>
    public static string? UpToDate(string path, string folder, TimeProvider time)
    {
        var copy = System.IO.Path.Combine(folder, "sweeps.db");
        try
        {
            using var connection = ReadConnection.Open(System.IO.Path.GetFullPath(path), anySchema: true);
            if (connection.ExecuteScalar<int>("pragma user_version") == ResultDatabase.SchemaVersion) return null;

            PrivateFile.Open(copy, FileMode.CreateNew, FileAccess.Write).Dispose(); // an empty file is written into, and keeps its mode
            connection.Execute("pragma query_only = off; vacuum into @copy", new { copy });
        }
        catch (SqliteException error)
        {
            throw DatabaseException.From(error, path);
        }

        using var migrated = ResultDatabase.Open(copy, time);
        return copy;
    }

    /// <summary>Deletes what <see cref="Unnamed"/> left behind in a process that was killed.</summary>
    /// <param name="path">A database that this process has for itself.</param>
    public static void Sweep(string path)
    {
        var (folder, name) = (System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path));
        foreach (var copy in Directory.EnumerateFiles(folder).Where(file => IsUnsent(System.IO.Path.GetFileName(file), name)))
        {
            try
            {
                File.Delete(copy);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It takes room, and does no other harm.
            }
        }
    }

    /// <summary>Copies, what is not whole yet of them, and SQLite's journals of it.</summary>
    private static bool IsUnsent(string file, string database) => file.StartsWith(database + Unsent, StringComparison.Ordinal)
        && file[(database.Length + Unsent.Length)..].Split('.', '-')[0] is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower);

    /// <summary>Checks a copy that came from elsewhere and puts it in its place.</summary>
    /// <param name="partial">In the folder of <paramref name="target"/>; moved.</param>
    /// <inheritdoc cref="Write" path="/returns"/>
    /// <exception cref="DatabaseException">It is damaged or no database of ours, or <paramref name="target"/> exists.</exception>
    public static long Place(string partial, string target)
    {
        if (Damage(partial) is { } verdict)
        {
            throw new DatabaseException(
                $"the backup of {new FileInfo(partial).Length} bytes is damaged: {verdict}", "nothing was kept of it; try again");
        }

        Refuse(target);
        File.Move(partial, target, overwrite: false);
        return new FileInfo(target).Length;
    }

    /// <summary>Reads every page.</summary>
    /// <param name="thorough">Compares every index with its table too; takes several times as long.</param>
    /// <returns>What is wrong; null for a healthy file.</returns>
    /// <exception cref="DatabaseException">It cannot be opened, or is no database of ours.</exception>
    public static string? Damage(string path, bool thorough = false)
    {
        using var connection = ReadConnection.Open(System.IO.Path.GetFullPath(path));
        try
        {
            var verdict = connection.ExecuteScalar<string>(thorough ? "pragma integrity_check(1)" : "pragma quick_check(1)");
            return verdict == "ok" ? null : verdict;
        }
        catch (SqliteException error)
        {
            return error.Message;
        }
    }

    private static void Refuse(string target)
    {
        if (File.Exists(target) || Directory.Exists(target))
        {
            throw new DatabaseException($"{target} exists already", "name another file with --to");
        }
    }
}
