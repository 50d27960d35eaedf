using System.Runtime.InteropServices;
using System.Text;

namespace SeqMnistSweep.Cli.Console;

/// <summary>The standard streams of this process, of which any may be closed.</summary>
internal static class StandardStreams
{
    /// <summary>Before anything is read or written. From now on <see cref="System.Console"/> has streams that can be trusted, for whoever
    /// uses it.</summary>
    public static void Install()
    {
        var (input, output, error) = (IsOpen(0), IsOpen(1), IsOpen(2));
        if (!input)
        {
            System.Console.SetIn(TextReader.Null);
        }

        System.Console.SetOut(new ConsoleWriter(output ? System.Console.Out : new Closed(), isData: true));
        System.Console.SetError(error ? new ConsoleWriter(System.Console.Error, isData: false) : TextWriter.Null);
    }

    /// <summary>Bytes that are no text.</summary>
    /// <exception cref="CommandError">Standard output cannot be written.</exception>
    public static void Write(MemoryStream bytes) => ConsoleWriter.WriteData(() =>
    {
        if (!IsOpen(1)) throw new IOException(Closed.Reason);

        using var output = System.Console.OpenStandardOutput();
        bytes.WriteTo(output);
    });

    /// <summary>Whether the process was started with it. In the place of one that was closed there is nothing, or a file that the runtime
    /// has opened since for itself, and that must not be written; what was inherited is not closed by exec.</summary>
    private static bool IsOpen(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return true;

        const int getFlags = 1;
        const int closeOnExec = 1;
        const int readAndWrite = 2;
        var flags = Control(descriptor, getFlags);
        if (flags < 0)
        {
            // So that no file of ours comes to lie there.
            _ = Open("/dev/null", readAndWrite);
        }

        return flags >= 0 && (flags & closeOnExec) == 0;
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int descriptor, int command);

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    private sealed class Closed : TextWriter
    {
        public const string Reason = "it is closed";

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException(Reason);
    }
}
