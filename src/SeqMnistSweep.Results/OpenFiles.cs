using SeqMnistSweep.Files;

namespace SeqMnistSweep.Results;

/// <summary>Which files processes have open, out of <c>/proc</c>; knows nothing where there is none.</summary>
internal static class OpenFiles
{
    private const string Own = "/proc/self/fd";

    /// <summary>What the system calls the file of this process's descriptor now: the new name of one that was moved, and "... (deleted)" of
    /// one that is gone.</summary>
    public static string? TargetOf(int descriptor) => TargetOf($"{Own}/{descriptor.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>This process's descriptors of the file.</summary>
    public static IReadOnlyList<int> OwnOf(string path) =>
        Directory.Exists(Own)
            ? [.. Directory.EnumerateFileSystemEntries(Own).Where(link => TargetOf(link) == path)
            .Select(link => int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture))]
            : [];

    /// <summary>Other processes of this machine that have it open, as far as we may see: "sqlite3 (pid 4711)".</summary>
    public static IReadOnlyList<string> OthersWith(string path) =>
        [.. Others(folder => Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd")).Any(link => TargetOf(link) == path))
            .Select(process => $"{process.Name} (pid {process.Id})")];

    /// <summary>The other process that holds a lock on the whole file, under whatever name it has opened it: "pid 4711"; null when we may
    /// not see it.</summary>
    public static string? LockerOf(string path) =>
        FileStatus.Of(path) is { } file
            ? Others(folder => Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd")).Any(
                link => FileStatus.Of(link) == file && IsLocked(Path.Combine(folder, "fdinfo", Path.GetFileName(link)))))
                .Select(process => $"pid {process.Id}").FirstOrDefault()
            : null;

    /// <summary>Whether a process of this machine, whether or not we may see it, holds a lock on the whole of such a file.</summary>
    public static bool IsLocked(ulong inode) =>
        File.Exists("/proc/locks") && File.ReadLines("/proc/locks").Any(line =>
            line.Contains("FLOCK", StringComparison.Ordinal) && line.Contains("WRITE", StringComparison.Ordinal)
            && line.Contains(string.Create(CultureInfo.InvariantCulture, $":{inode} "), StringComparison.Ordinal));

    private static bool IsLocked(string descriptor) => File.ReadAllText(descriptor).Contains("FLOCK", StringComparison.Ordinal);

    private static List<(string Id, string Name)> Others(Func<string, bool> wanted)
    {
        var found = new List<(string, string)>();
        foreach (var process in Directory.Exists("/proc") ? Directory.EnumerateDirectories("/proc") : [])
        {
            var id = Path.GetFileName(process);
            try
            {
                if (int.TryParse(id, out var pid) && pid != Environment.ProcessId && wanted(process))
                {
                    found.Add((id, File.ReadAllText(Path.Combine(process, "comm")).Trim()));
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It is somebody else's, or has just ended.
            }
        }

        return found;
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
