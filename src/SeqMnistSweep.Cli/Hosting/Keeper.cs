using System.Runtime.InteropServices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The hidden beginning of a user's program: a process that adopts what its descendants leave behind, and then becomes the command
/// that looks after them. The kernel keeps that right over the change, and only the process itself can ask for it.</summary>
internal static class Keeper
{
    public const string Verb = "keep";

    /// <returns>Only when the command cannot be started: its exit code.</returns>
    public static int Become(string[] command)
    {
        const int adoptOrphans = 36;
        const int brokenPipe = 13;
        const int notFound = 127;
        _ = Control(adoptOrphans, 1, 0, 0, 0);
        _ = NewSession();

        // .NET ignores it, and who is started inherits that.
        _ = Handle(brokenPipe, 0);
        _ = Execute(command[0], [.. command.Select(Marshal.StringToCoTaskMemUTF8), 0]);
        return notFound;
    }

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [DllImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NewSession();

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Handle(int signal, nint handler);

    [DllImport("libc", EntryPoint = "execvp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Execute(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPArray)] nint[] arguments);
}
