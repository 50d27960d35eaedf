using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Results;

/// <summary>The right to write to a database, held by one process at a time, whatever the path that leads to it: an exclusive lock on the
/// file itself, and one on <c>FILE.lock</c> beside it, which names the holder and keeps its place when the file is replaced. The operating
/// system gives both back when the process ends, however it ends. <c>FILE.lock</c> stays, and may still name a holder that was
/// killed.</summary>
internal sealed class LockFile : IDisposable
{
    private const string Suffix = ".lock";

    private readonly FileStream? _database;
    private readonly FileStream _file;
    private readonly bool _isNew;

    private LockFile(string realPath, FileStream? database, FileStream file, bool isNew) =>
        (RealPath, _database, _file, _isNew) = (realPath, database, file, isNew);

    /// <summary>Where the database lies, without links on the way.</summary>
    public string RealPath { get; }

    /// <summary>Writes nothing to a file that is there.</summary>
    /// <exception cref="DatabaseException">Another process holds it, it has a second name, or it cannot be written.</exception>
    public static LockFile Acquire(string database, TimeProvider time)
    {
        var isNew = !File.Exists(database);
        FileStream? self = null;
        try
        {
            // Elsewhere an exclusive lock would keep SQLite out too. Here its locks are of another kind; but closing any descriptor of the
            // file gives up SQLite's, so this one is closed last.
            self = OperatingSystem.IsLinux()
                ? ExclusiveFile.TryHold(database, isPrivate: true) ?? throw InUse(database, RealPathOf(database))
                : null;
            var real = self is null ? RealPathOf(database) : OpenFiles.TargetOf((int)self.SafeFileHandle.DangerousGetHandle()) ?? database;
            RefuseOtherNames(real);
            var file = ExclusiveFile.TryHold(real + Suffix, isPrivate: true) ?? throw InUse(database, real);
            return new LockFile(real, self, Name(file, time), isNew);
        }
        catch (UnauthorizedAccessException error)
        {
            self?.Dispose();
            throw new DatabaseException(
                $"{database} cannot be written: {error.Message}",
                "check the rights of the file and of its folder, or name another place with --db", error);
        }
        catch (IOException error)
        {
            self?.Dispose();
            throw new DatabaseException($"cannot lock {database}: {error.Message}", null, error);
        }
        catch
        {
            self?.Dispose();
            throw;
        }
    }

    /// <summary>The path of the file itself where <paramref name="path"/> is a link to it.</summary>
    public static string RealPathOf(string path)
    {
        try
        {
            // Of a file that has been deleted, to which only a descriptor leads, there is no other path.
            return new FileInfo(path).LinkTarget is not null && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target
                && (target.Exists || !File.Exists(path))
                ? target.FullName
                : path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    /// <summary>The process that holds the lock, when it lives on this machine; null without one. Found without touching the lock, by the
    /// holder's name in the file: a reader must never be in the way of a head that starts.</summary>
    public static int? LivingHolder(string database)
    {
        var words = HolderOf(RealPathOf(database) + Suffix)?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
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

    /// <summary>Whether any process holds it, as far as the kernel tells: also one whose name says nothing here, in a container.</summary>
    public static bool IsHeld(string database) =>
        LivingHolder(database) is not null || (FileStatus.Of(database) is { } file && OpenFiles.IsLocked(file.Inode));

    /// <summary>Takes the name out as well: the process may live on without the database. A file that was made for the lock alone
    /// goes.</summary>
    public void Dispose()
    {
        if (_file.CanWrite)
        {
            _file.SetLength(0);
            if (_isNew && _database?.Length == 0)
            {
                File.Delete(RealPath);
            }
        }

        _file.Dispose();
        _database?.Dispose();
    }

    /// <summary>SQLite names the log after the path: under another name the next head would not find what this one left in it.</summary>
    private static void RefuseOtherNames(string real)
    {
        if (FileStatus.Of(real) is null && OperatingSystem.IsLinux())
        {
            throw new DatabaseException($"{real} has no name any more", "name another file with --db");
        }

        if (FileStatus.LinksOf(real) is > 1 and var links)
        {
            throw new DatabaseException(
                $"{real} has {links} names (hard links), and its write-ahead log is found under one of them only",
                $"give it a file of its own: cp {real} {real}.copy && mv {real}.copy {real}");
        }
    }

    private static DatabaseException InUse(string database, string real) => new(
        $"{database} is in use by another head ({HolderOf(real + Suffix) ?? OpenFiles.LockerOf(real) ?? "which cannot be told here"})",
        "a database has one head: use that one, or name another file with --db");

    private static FileStream Name(FileStream file, TimeProvider time)
    {
        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes($"pid {Environment.ProcessId}, started {Timestamp.Format(StartOf(time))}\n"));
        file.Flush(flushToDisk: false);
        return file;
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
