using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Looks at the libtorch that a runner will load, without loading it into this process.</summary>
internal static class LibtorchFiles
{
    /// <param name="folder">From <c>--libtorch</c>; null for SEQSWEEP_LIBTORCH or what came with the program.</param>
    public static bool HaveCuda(string? folder)
    {
        var named = folder ?? Environment.GetEnvironmentVariable(TorchLibrary.FolderVariable);
        string[] folders = string.IsNullOrEmpty(named)
            ? [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native")]
            : [named];
        return folders.Any(place => File.Exists(Path.Combine(place, "libtorch_cuda.so")));
    }

    /// <summary>Lets a runner load libtorch.</summary>
    /// <exception cref="CommandError">It does not load.</exception>
    public static async Task CheckAsync(string? folder, CancellationToken cancellation)
    {
        if (await DeviceCheck.LibtorchProblemAsync(RunnerCommandLine.For(folder), cancellation) is { } problem)
        {
            throw new CommandError(ExitCodes.Usage, problem);
        }
    }
}
