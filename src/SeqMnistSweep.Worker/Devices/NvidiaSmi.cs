using System.ComponentModel;
using System.Diagnostics;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>The driver's own program.</summary>
internal static class NvidiaSmi
{
    /// <summary>Of a GPU that fell off the bus it never answers.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <returns>What it prints; null where there is no such program, or it fails or does not answer.</returns>
    public static string? Ask(params string[] arguments) => Ask("nvidia-smi", Limit, arguments);

    internal static string? Ask(string program, TimeSpan limit, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var answer = process.StandardOutput.ReadToEndAsync();
            if (answer.Wait(limit) && process.WaitForExit(limit)) return process.ExitCode == 0 ? answer.Result : null;

            process.Kill(entireProcessTree: true);
            return null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
