namespace SeqMnistSweep.Files;

/// <summary>A file that appears under its name whole or not at all: it is written beside its place, flushed to the disk and renamed. What a
/// killed process leaves behind has a name that ends with <see cref="PartialSuffix"/>.</summary>
public sealed class AtomicFile : IDisposable
{
    /// <summary>Ends the name of every file that is not complete.</summary>
    public const string PartialSuffix = ".partial";

    private readonly string _path;
    private readonly string _partial;

    /// <summary>Opens an empty file beside <paramref name="path"/>, whose folder must exist.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <param name="isPrivate">Whether nobody but this account may read it.</param>
    public AtomicFile(string path, bool isPrivate = false)
    {
        (_path, _partial) = (path, NameBeside(path));
        Stream = isPrivate
            ? PrivateFile.Open(_partial, FileMode.CreateNew, FileAccess.ReadWrite)
            : new FileStream(_partial, FileMode.CreateNew, FileAccess.ReadWrite);
    }

    /// <summary>Where the content goes; closed by <see cref="Commit"/>.</summary>
    public FileStream Stream { get; }

    /// <summary>A name for an incomplete file in the same folder; no other writer has the same.</summary>
    public static string NameBeside(string path) => $"{path}.{Guid.NewGuid():N}{PartialSuffix}";

    /// <summary>Writes a whole file in place of the one that is there.</summary>
    /// <inheritdoc cref="AtomicFile(string, bool)"/>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isPrivate = false)
    {
        using var file = new AtomicFile(path, isPrivate);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>Puts the file in its place, durably; an older one is replaced.</summary>
    /// <param name="name">Another name in the same folder, where it follows from the content as a digest does.</param>
    /// <exception cref="IOException">It cannot be flushed or renamed.</exception>
    public void Commit(string? name = null)
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_partial, name ?? _path, overwrite: true);
    }

    /// <summary>Deletes a file that was not committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(_partial);
    }
}
