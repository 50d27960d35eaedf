using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Results;

/// <summary>The right to write to a database, held by one process at a time: an exclusive lock on <c>FILE.lock</c>, which the operating
/// system gives back when the process ends, however it ends. The file stays, and may still name a holder that was killed.</summary>
internal sealed class LockFile : IDisposable
{
    private const string Suffix = ".lock";

    private readonly FileStream _file;

    private LockFile(FileStream file) => _file = file;

    /// <summary>Of the database that this locks, as the system has it: without links on the way. Null where it does not tell.</summary>
    public string? RealPathOfDatabase =>
        OpenFiles.TargetOf((int)_file.SafeFileHandle.DangerousGetHandle()) is { } target
            && target.EndsWith(Suffix, StringComparison.Ordinal)
            ? target[..^Suffix.Length]
            : null;

    /// <exception cref="DatabaseException">Another process holds it, or the folder cannot be written.</exception>
    public static LockFile Acquire(string database, TimeProvider time)
    {
        var path = database + Suffix;
        try
        {
            var file = ExclusiveFile.TryHold(path) ?? throw new DatabaseException(
                $"{database} is in use by another head ({HolderOf(path) ?? "which cannot be told here"})",
                "a database has one head: use that one, or name another file with --db");
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes($"pid {Environment.ProcessId}, started {Timestamp.Format(StartOf(time))}\n"));
            file.Flush(flushToDisk: false);
            return new LockFile(file);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DatabaseException(
                $"the folder of {database} cannot be written: {error.Message}", "name another place with --db", error);
        }
        catch (IOException error)
        {
            throw new DatabaseException($"cannot lock {database}: {error.Message}", null, error);
        }
    }

    /// <summary>The process that holds the lock, when it lives on this machine; null without one. Found without touching the lock, by the
    /// holder's name in the file: a reader must never be in the way of a head that starts.</summary>
    public static int? LivingHolder(string database)
    {
        var words = HolderOf(database + Suffix)?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["pid", var id, "started", var started] || !int.TryParse(id, out var pid))
        {
            return null;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            var difference = new DateTimeOffset(process.StartTime) - Timestamp.Parse(started);
            return difference.Duration() < TimeSpan.FromSeconds(5) ? pid : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Takes the name out as well: the process may live on without the database.</summary>
    public void Dispose()
    {
        if (_file.CanWrite)
        {
            _file.SetLength(0);
        }

        _file.Dispose();
    }

    private static DateTimeOffset StartOf(TimeProvider time)
    {
        using var process = Process.GetCurrentProcess();
        return TimeZoneInfo.ConvertTime(new DateTimeOffset(process.StartTime), time.LocalTimeZone);
    }

    /// <summary>The text in a lock file that someone else holds. .NET's own openers all ask for a shared lock and fail, hence the plain
    /// call.</summary>
    private static string? HolderOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;

        const int readOnlyCloseOnExec = 0x80000;
        var descriptor = Open(path, readOnlyCloseOnExec);
        if (descriptor < 0) return null;

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        using var reader = new StreamReader(new FileStream(handle, FileAccess.Read));
        var holder = reader.ReadToEnd().Trim();
        return holder.Length > 0 ? holder : "just starting";
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
