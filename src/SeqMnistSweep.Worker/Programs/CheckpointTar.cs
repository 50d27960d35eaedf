using System.Formats.Tar;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>A checkpoint that is a folder, as one file: the same content gives the same bytes. Links and what is no plain file are left
/// out.</summary>
public static class CheckpointTar
{
    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>Writes the folder.</summary>
    /// <returns>False where a file has changed meanwhile.</returns>
    /// <exception cref="IOException">A file cannot be read, or the stream not be written.</exception>
    public static async Task<bool> PackAsync(string folder, Stream to)
    {
        var before = Look(folder);
        await using (var tar = new TarWriter(to, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var (name, written, bytes) in before)
            {
                await using var content = bytes < 0 ? null : new FileStream(
                    Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                if (content is not null && content.Length != bytes) return false;

                var entry = new GnuTarEntry(content is null ? TarEntryType.Directory : TarEntryType.RegularFile, name)
                {
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    AccessTime = DateTimeOffset.UnixEpoch,
                    ChangeTime = DateTimeOffset.UnixEpoch,
                    Mode = content is null ? PrivateFile.FolderMode : PrivateFile.FileMode,
                };
                if (content is not null)
                {
                    entry.DataStream = content;
                }

                await tar.WriteEntryAsync(entry);
            }
        }

        return before.SequenceEqual(Look(folder));
    }

    /// <summary>Writes what is in the file into a folder, which is made anew.</summary>
    /// <exception cref="IOException">It is no such file, or cannot be written.</exception>
    public static async Task UnpackAsync(string file, string folder, CancellationToken cancellation)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        PrivateFile.CreateMissingFolders(folder);
        await using var stream = File.OpenRead(file);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
        {
            var path = Path.GetFullPath(Path.Combine(folder, entry.Name));
            if (!path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{file} has a name that leads elsewhere");
            }

            PrivateFile.CreateMissingFolders(entry.EntryType == TarEntryType.Directory ? path : Path.GetDirectoryName(path)!);
            if (entry.EntryType == TarEntryType.RegularFile)
            {
                await using var target = PrivateFile.Open(path, FileMode.Create, FileAccess.Write);
                await (entry.DataStream ?? Stream.Null).CopyToAsync(target, cancellation);
            }
        }
    }

    /// <summary>Folders, with -1 for their bytes, and plain files, by name.</summary>
    private static List<(string Name, DateTime Written, long Bytes)> Look(string folder)
    {
        var found = new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Below)
            .Where(item => item is DirectoryInfo || FileStatus.IsPlainFile(item.FullName))
            .Select(item => (
                Path.GetRelativePath(folder, item.FullName), item is FileInfo file ? (file.LastWriteTimeUtc, file.Length) : (default, -1L)))
            .Select(item => (Name: item.Item1, Written: item.Item2.Item1, Bytes: item.Item2.Item2))
            .ToList();
        found.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return found;
    }
}
