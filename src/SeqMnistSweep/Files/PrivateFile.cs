namespace SeqMnistSweep.Files;

/// <summary>Files that only their owner may read: mode 0600 in folders of mode 0700.</summary>
public static class PrivateFile
{
    /// <summary>What the owner alone may do to a file.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What the owner alone may do to a folder.</summary>
    public const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates a folder that nobody else may enter; one that is there is closed to others.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another account, or its parent may not be written.</exception>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, FolderMode);
        File.SetUnixFileMode(folder, FolderMode);
    }

    /// <summary>Creates what is missing of a folder and of those above it, for this account alone; what is there stays as it is.</summary>
    /// <inheritdoc cref="CreateFolder" path="/exception"/>
    public static void CreateMissingFolders(string folder)
    {
        if (Directory.Exists(folder)) return;

        if (Path.GetDirectoryName(folder) is { Length: > 0 } parent)
        {
            CreateMissingFolders(parent);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, FolderMode);
        }
    }

    /// <summary>Opens a file; a new one is this account's alone, one that is there keeps its mode.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileStream Open(
        string path, System.IO.FileMode mode, FileAccess access, FileShare share = FileShare.Read, int bufferSize = 4096)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows() && mode is not (System.IO.FileMode.Open or System.IO.FileMode.Truncate))
        {
            options.UnixCreateMode = FileMode;
        }

        return new FileStream(path, options);
    }

    /// <summary>Writes a whole file in place of the one that is there; it never has another mode than 0600.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var partial = AtomicFile.NameBeside(path);
        try
        {
            using (var stream = Open(partial, System.IO.FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Reads a file that must be this account's own.</summary>
    /// <returns>Null where there is none, where it belongs to another account, or where others may write it.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[]? TryRead(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) return File.ReadAllBytes(path);

            using var stream = new FileStream(path, System.IO.FileMode.Open, FileAccess.Read);
            if (!IsOwn(stream)) return null;

            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a process of this account has the number; true where the system does not tell.</summary>
    public static bool IsOwnProcess(int process) =>
        !OperatingSystem.IsLinux() || FileStatus.OwnerOf($"/proc/{process}") == FileGuard.Account;

    /// <summary>Asks the open file, not the path: between two looks a path may lead elsewhere.</summary>
    private static bool IsOwn(FileStream stream) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & OthersWrite) == 0
            && (!OperatingSystem.IsLinux() || FileStatus.OwnerOf(stream.SafeFileHandle) == FileGuard.Account);
}
