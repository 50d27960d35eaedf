namespace SeqMnistSweep.Results.Writing;

/// <summary>
/// Whether the files that a connection has open are still those at the database's path. One that was moved, deleted or replaced under a
/// running head takes every write without an error, and nobody would ever see it again.
/// </summary>
internal sealed class FilesInPlace
{
    private const string Log = "-wal";

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
    public void Watch() => _files = [.. _paths.SelectMany(path => OpenFiles.OwnOf(path).Where(descriptor => !_others.Contains(descriptor)).Take(1).Select(descriptor => (descriptor, path)))];

    /// <returns>What one of the files is called now; null while all are where they were.</returns>
    public string? Moved() => Moved(_files);

    /// <summary>Whether the write-ahead log at the database's path is the connection's own.</summary>
    public bool LogIsInPlace => Moved(_files.Where(file => file.Path.EndsWith(Log, StringComparison.Ordinal))) is null;

    private static string? Moved(IEnumerable<(int Descriptor, string Path)> files) =>
        files.Select(file => OpenFiles.TargetOf(file.Descriptor) is { } now && now != file.Path ? now : null).FirstOrDefault(now => now is not null);
}
