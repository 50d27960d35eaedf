using SeqMnistSweep.Files;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>One worker of an account per GPU, so that two started by mistake do not share its memory. The lock lies in a folder that nobody
/// else may enter: whatever every account could lock, a device or a file of the temporary folder, any account could hold for ever.</summary>
internal static class GpuLock
{
    /// <param name="folder">That workers of this machine share, where no other can be had.</param>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <exception cref="CommandError">Another worker of this account has one of the GPUs.</exception>
    public static IDisposable Hold(IEnumerable<Gpu> gpus, string folder, Func<string, string?> variable)
    {
        var held = new Locks();
        try
        {
            held.AddRange(gpus.Select(gpu => OneProcess.Hold(
                // Homes may be shared between machines.
                Path.Combine(FolderOf(folder, variable), $"{Environment.MachineName}-{gpu.Uuid}.lock"),
                $"cuda:{gpu.Index} ({gpu.Name}) has a worker of this account already",
                "more trials on one GPU: --slots N on that worker")));
            return held;
        }
        catch (CommandError)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>What lies there is this account's alone.</summary>
    public static string FolderOf(string folder, Func<string, string?> variable)
    {
        string?[] places = [UserFolders.State(variable), variable("XDG_RUNTIME_DIR")];
        foreach (var known in places.OfType<string>().Where(Path.IsPathFullyQualified))
        {
            try
            {
                var place = Path.Combine(known, "seqsweep", "run");
                PrivateFile.CreateFolder(place);
                return place;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A home that is not this account's, or read-only, in a container.
            }
        }

        return folder;
    }

    private sealed class Locks : List<IDisposable>, IDisposable
    {
        public void Dispose() => ForEach(one => one.Dispose());
    }
}
