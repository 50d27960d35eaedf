using System.Diagnostics;

namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>Debian's Python, which has Optuna.</summary>
internal static class Python
{
    public static string Run(string script, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", script, argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
