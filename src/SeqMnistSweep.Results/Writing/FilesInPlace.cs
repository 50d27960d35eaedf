namespace SeqMnistSweep.Results.Writing;

/// <summary>Whether the files that a connection has open are still those at the database's path. One that was moved, deleted or replaced
/// under a running head takes every write without an error, and nobody would ever see it again.</summary>
internal sealed class FilesInPlace
{
    private const string Log = "-wal";
    private const string Deleted = " (deleted)"; // the kernel's word

    private readonly string[] _paths;
    private readonly HashSet<int> _others;
    private IReadOnlyList<(int Descriptor, string Path)> _files = [];

    /// <summary>Before the connection is opened: readers of this process have descriptors of their own, which come and go.</summary>
    /// <param name="realPath">Without links on the way; null watches nothing.</param>
    public FilesInPlace(string? realPath)
    {
        _paths = realPath is null ? [] : [realPath, realPath + Log];
        _others = [.. _paths.SelectMany(OpenFiles.OwnOf)];
    }

    /// <summary>The connection is open, and has its log.</summary>
    public void Watch() =>
        _files = [.. _paths.SelectMany(path =>
            OpenFiles.OwnOf(path).Where(descriptor => !_others.Contains(descriptor)).Take(1).Select(descriptor => (descriptor, path)))];

    /// <returns>What one of the files is called now; null while all are where they were.</returns>
    public string? Moved() => Moved(_files);

    /// <summary>After the connection was closed: SQLite leaves the log of a database that has moved where it is, and whoever opens the file
    /// that lies there now would take it for that file's. It goes where the database went.</summary>
    /// <param name="moved">What <see cref="MovedFrom"/> gave before the connection was closed.</param>
    public static void BringLog(string path, string moved)
    {
        if (moved.EndsWith(Deleted, StringComparison.Ordinal))
        {
            File.Delete(path + Log);
        }
        else
        {
            File.Move(path + Log, moved + Log, overwrite: true);
        }

        File.Delete(path + "-shm");
    }

    /// <summary>Where the database is now, whose log still lies where it was; null when it has not moved, or its log has too.</summary>
    public (string Path, string Moved)? MovedFrom() =>
        _files is [var database, var log] && Moved([log]) is null && Moved([database]) is { } moved ? (database.Path, moved) : null;

    private static string? Moved(IEnumerable<(int Descriptor, string Path)> files) =>
        files.Select(file => OpenFiles.TargetOf(file.Descriptor) is { } now && now != file.Path ? now : null).FirstOrDefault(
            now => now is not null);
}
