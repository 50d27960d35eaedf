using System.Text;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>What only one process of this machine may have at a time, such as a worker's name: a lock on a file.</summary>
internal static class OneProcess
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <param name="path">The file; stays when the lock is gone.</param>
    /// <param name="taken">What to say when another process has it.</param>
    /// <exception cref="CommandError">Another process has it, or the file cannot be made.</exception>
    public static IDisposable Hold(string path, string taken, string hint)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var isNew = !File.Exists(path);
            var file = ExclusiveFile.TryHold(path) ?? throw new CommandError(ExitCodes.NotAllowed, taken, hint);
            if (isNew && !OperatingSystem.IsWindows())
            {
                // Another user of this machine must be able to ask for the same device.
                File.SetUnixFileMode(path, Everybody);
            }

            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes($"pid {Environment.ProcessId}\n"));
            file.Flush();
            return file;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CommandError(ExitCodes.NotAllowed, $"cannot write {path}: {error.Message}", "give another folder with --dir DIR");
        }
    }
}
