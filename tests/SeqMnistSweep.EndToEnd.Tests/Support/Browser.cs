using System.Diagnostics;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>A script of <c>Browser/</c>, which drives Debian's Chromium; it names every problem it meets.</summary>
internal static class Browser
{
    public static string Folder { get; } = Path.Combine(SeqSweep.Repository, "tests", "SeqMnistSweep.EndToEnd.Tests", "Browser");

    /// <summary>Where pictures of the pages are kept, for people to look at, where the variable SEQSWEEP_PICTURES is set.</summary>
    public static string Pictures { get; } = Path.Combine(SeqSweep.Repository, "TestResults", "pages");

    /// <param name="token">Of the head; the browser signs in with what it gives.</param>
    public static async Task RunAsync(string token, string script, params string[] arguments)
    {
        var info = new ProcessStartInfo("node", [script, .. arguments]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["SEQSWEEP_TOKEN"] = token;
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{script} did not end:\n{await output}{await error}");
        }

        Assert.True(process.ExitCode == 0, $"{script}; with SEQSWEEP_PICTURES=1 pictures are in {Pictures}\n{await output}{await error}");
    }
}

/// <summary>A test in a browser; skipped, with what is missing, where it cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsBrowserFactAttribute : FactAttribute
{
    public NeedsBrowserFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (new[] { "node", "chromium" }.FirstOrDefault(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))) is { } missing)
        {
            Skip = $"{missing} is not installed";
        }
        else if (!Directory.Exists(Path.Combine(Browser.Folder, "node_modules", "playwright-core")))
        {
            Skip = $"playwright-core is not installed: npm ci in {Browser.Folder}";
        }
    }
}
