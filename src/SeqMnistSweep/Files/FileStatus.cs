using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SeqMnistSweep.Files;

/// <summary>Which file a path leads to, whatever the path is called: device and inode. Known on Linux alone.</summary>
/// <param name="DeviceMajor">The device that holds it, first number.</param>
/// <param name="DeviceMinor">The second number.</param>
/// <param name="Inode">The file's number on the device.</param>
public readonly record struct FileStatus(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    private const int CurrentFolder = -100;

    /// <summary>How many names the file has; 1 where nothing is told.</summary>
    public static int LinksOf(string path) => Ask(path) is { } answer ? (int)answer.Links : 1;

    /// <summary>Whether a path is a file with content, and no link, folder, pipe or device.</summary>
    public static bool IsPlainFile(string path)
    {
        const int notFollowed = 0x100;
        const int plain = 0x8000;
        return OperatingSystem.IsLinux()
            ? Ask(CurrentFolder, path, notFollowed) is { } answer && (answer.Mode & 0xF000) == plain
            : new FileInfo(path) is { Exists: true, LinkTarget: null };
    }

    /// <summary>The number of the account that owns the file; null where there is no such file, or nothing is told.</summary>
    public static uint? OwnerOf(string path) => Ask(path)?.Owner;

    /// <summary>The same of an open file, whatever its path leads to by now.</summary>
    public static uint? OwnerOf(SafeFileHandle file)
    {
        const int theFileItself = 0x1000;
        return Ask((int)file.DangerousGetHandle(), "", theFileItself)?.Owner;
    }

    /// <returns>Null where there is no such file, or nothing is told.</returns>
    public static FileStatus? Of(string path) =>
        Ask(path) is { } answer ? new FileStatus(answer.DeviceMajor, answer.DeviceMinor, answer.Inode) : null;

    private static Answer? Ask(string path) => Ask(CurrentFolder, path, 0);

    private static Answer? Ask(int folder, string path, int flags)
    {
        const uint typeLinksOwnerAndInode = 0x10d;
        return OperatingSystem.IsLinux() && StatX(folder, path, flags, typeLinksOwnerAndInode, out var answer) == 0 ? answer : null;
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, out Answer answer);

    /// <summary>The same on every machine, other than that of stat.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Answer
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
