using System.Runtime.InteropServices;

namespace SeqMnistSweep.Cli.Console;

/// <summary>A terminal that can be drawn on.</summary>
/// <param name="Size">Columns and lines now, for windows are resized.</param>
/// <param name="Key">The next key that was pressed; null where nobody can press one.</param>
/// <param name="IsForeground">Whether it is this program's; in the background it is the shell's, and who reads from it is stopped.</param>
/// <param name="Suspend">Stops this program until the shell lets it go on.</param>
internal sealed record Terminal(Func<(int Width, int Height)> Size, Func<ConsoleKeyInfo?>? Key, Func<bool> IsForeground, Action Suspend)
{
    private const int StandardInput = 0;
    private const int StandardError = 2;

    private const int StopSignal = 19;

    public static Terminal OfProcess { get; } = new(
        SizeNow, System.Console.IsInputRedirected ? null : ReadKey, () => IsForegroundOf(StandardError),
        () => Signal(Environment.ProcessId, StopSignal));

    /// <summary>One that does not know its size says 0.</summary>
    public static (int Width, int Height) SizeNow() =>
        (System.Console.WindowWidth is > 0 and var width ? width : 80, System.Console.WindowHeight is > 0 and var height ? height : 24);

    private static ConsoleKeyInfo? ReadKey() =>
        IsForegroundOf(StandardInput) && System.Console.KeyAvailable ? System.Console.ReadKey(intercept: true) : null;

    private static bool IsForegroundOf(int descriptor) =>
        !OperatingSystem.IsLinux() || ForegroundGroup(descriptor) is var group && (group < 0 || group == OwnGroup());

    [DllImport("libc", EntryPoint = "tcgetpgrp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ForegroundGroup(int descriptor);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    [DllImport("libc", EntryPoint = "getpgrp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OwnGroup();
}
