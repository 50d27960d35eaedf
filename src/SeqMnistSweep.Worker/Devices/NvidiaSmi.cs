using System.ComponentModel;
using System.Diagnostics;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>The driver's own program.</summary>
internal static class NvidiaSmi
{
    /// <returns>What it prints; null where there is no such program or it fails.</returns>
    public static string? Ask(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? answer : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
