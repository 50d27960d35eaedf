using System.Runtime.InteropServices;

namespace SeqMnistSweep.Files;

/// <summary>Who else may change a file, by the kernel's word.</summary>
public static class FileGuard
{
    private const UnixFileMode WrittenByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The number of the account that this process works as.</summary>
    public static uint Account => EffectiveUser();

    /// <summary>The path without links, <c>.</c> and <c>..</c>; null where it leads to nothing.</summary>
    public static string? RealPath(string path)
    {
        var name = Resolve(path, 0);
        try
        {
            return Marshal.PtrToStringUTF8(name);
        }
        finally
        {
            Release(name);
        }
    }

    /// <summary>Where another account than this one and root could put another file into the place of this one, or beside it.</summary>
    /// <param name="realPath">From <see cref="RealPath"/>.</param>
    /// <param name="folder">It or a folder above it. Above that, one with the sticky bit, such as <c>/tmp</c>, is strong enough: it lets nobody
    /// replace what is another's.</param>
    /// <returns>The path itself or a folder above it, the nearest first; null when nobody could.</returns>
    /// <exception cref="IOException">There is no such file.</exception>
    public static string? WeakPlace(string realPath, string folder)
    {
        // Its rights are other ones, which are not asked.
        if (OperatingSystem.IsWindows()) return realPath;

        var mayBeSticky = false;
        for (var place = realPath; place is not null; place = Path.GetDirectoryName(place))
        {
            var mode = File.GetUnixFileMode(place);
            var isWritten = (mode & WrittenByOthers) != 0 && !(mayBeSticky && mode.HasFlag(UnixFileMode.StickyBit));
            if (isWritten || (FileStatus.OwnerOf(place) is { } owner && owner != 0 && owner != Account)) return place;

            mayBeSticky |= place == folder;
        }

        return null;
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "realpath")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Resolve([MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint buffer);

    [DllImport("libc", EntryPoint = "free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Release(nint memory);
}
