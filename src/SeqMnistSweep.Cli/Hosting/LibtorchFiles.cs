using System.Diagnostics;
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

    /// <summary>Lets a runner load libtorch before there is a sweep, whose trials would each find out three times that it does not. The CPU
    /// trains without it, so there only one that the user names is looked at.</summary>
    /// <exception cref="CommandError">It does not load.</exception>
    public static Task CheckAsync(DeviceSelection device, string? folder, CancellationToken cancellation) =>
        device.Gpu is null && folder is null ? Task.CompletedTask : CheckAsync(folder, cancellation);

    /// <summary>Lets a runner load libtorch.</summary>
    /// <exception cref="CommandError">It does not load.</exception>
    public static async Task CheckAsync(string? folder, CancellationToken cancellation)
    {
        var command = RunnerCommandLine.For(folder);
        using var runner = Process.Start(new ProcessStartInfo(command[0], [.. command.Skip(1), "--check"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        runner.StandardInput.Close();
        try
        {
            var said = await runner.StandardError.ReadToEndAsync(cancellation);
            await runner.WaitForExitAsync(cancellation);
            if (runner.ExitCode != ExitCodes.Ok)
            {
                throw new CommandError(
                    ExitCodes.Usage,
                    said.Trim() is { Length: > 0 } reason
                        ? reason
                        : $"libtorch does not load: the process that tried ended with code {runner.ExitCode}");
            }
        }
        catch (OperationCanceledException)
        {
            runner.Kill();
            throw;
        }
    }
}
