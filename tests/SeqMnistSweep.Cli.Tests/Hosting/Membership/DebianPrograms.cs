using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

/// <summary>Server programs of the system, started by a test for itself.</summary>
internal static class DebianPrograms
{
    /// <summary>The program's path: on PATH, or where Debian keeps the programs of PostgreSQL; null when it is not installed.</summary>
    public static string? Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Reverse() : [];
        return folders.Concat(versions.Select(version => Path.Combine(version, "bin"))).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    /// <summary>Starts a program; what it prints is kept for the error that may follow.</summary>
    public static (Process Process, Func<string> Output) Start(string program, params IEnumerable<string> arguments)
    {
        var lines = new List<string>();
        var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" } };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, Output);

        void Keep(string? line)
        {
            lock (lines)
            {
                lines.Add(line ?? "");
            }
        }

        string Output()
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        var (process, output) = Start(program, arguments);
        using (process)
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {output()}");
        }
    }

    /// <summary>Waits until <paramref name="answers"/> no longer throws.</summary>
    public static async Task UntilAnswersAsync(Process server, Func<string> output, Func<Task> answers)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await answers();
                return;
            }
            catch (Exception error) when (!server.HasExited && deadline.Elapsed < TimeSpan.FromSeconds(60))
            {
                _ = error;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"the server does not answer ({error.Message}); it said: {output()}", error);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
