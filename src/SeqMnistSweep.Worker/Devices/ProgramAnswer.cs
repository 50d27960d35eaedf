using System.ComponentModel;
using System.Diagnostics;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>What a program of the machine prints when it is asked something.</summary>
public static class ProgramAnswer
{
    /// <returns>Null where there is no such program, or it fails or does not answer in time.</returns>
    public static string? Of(string program, TimeSpan limit, params string[] arguments)
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
