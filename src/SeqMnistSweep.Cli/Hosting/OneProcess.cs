using System.Text;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>What only one process of this account may have at a time on this machine, such as a worker's name: a lock on a file.</summary>
internal static class OneProcess
{
    /// <param name="path">The file; stays when the lock is gone.</param>
    /// <param name="taken">What to say when another process has it.</param>
    /// <exception cref="CommandError">Another process has it, or the file cannot be made.</exception>
    public static IDisposable Hold(string path, string taken, string hint)
    {
        try
        {
            PrivateFile.CreateMissingFolders(Path.GetDirectoryName(path)!);
            var file = ExclusiveFile.TryHold(path, isPrivate: true) ?? throw new CommandError(ExitCodes.NotAllowed, taken, hint);
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes($"pid {Environment.ProcessId}\n"));
            file.Flush();
            return file;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CommandError(
                ExitCodes.NotAllowed, $"cannot write {path}: {error.Message}",
                "it must be this account's own: remove it, or give another folder with --dir DIR");
        }
    }
}
