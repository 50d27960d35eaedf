using System.Diagnostics;
using System.Globalization;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>systemd itself reads the units, and has nothing to say about them.</summary>
public sealed class SystemdTests : IDisposable
{
    private const string Program = "/opt/seqsweep/seqsweep";

    /// <summary>The first version that knows these.</summary>
    private const int Backoff = 254;
    private static readonly string[] BackoffSettings = ["RestartSteps=", "RestartMaxDelaySec="];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-units-");

    public void Dispose() => _folder.Delete(recursive: true);

    [NeedsProgramFact("systemd-analyze")]
    public void It_finds_nothing_wrong_with_the_units()
    {
        var version = int.Parse(Run("--version").Output.Split(' ')[1].Split('.')[0], CultureInfo.InvariantCulture);
        CopyUnits(line => version < Backoff && BackoffSettings.Any(setting => line.StartsWith(setting, StringComparison.Ordinal)));
        foreach (var unit in new[] { "seqsweep-head.service", "seqsweep-worker@0.service", "seqsweep-worker@cpu.service" })
        {
            // It says 0 for a setting that it does not know, so what it prints counts too.
            Assert.Equal((0, ""), Run("verify", "--man=no", Path.Combine(_folder.FullName, unit)));
        }
    }

    [NeedsProgramFact("systemd-analyze")]
    public void It_would_see_a_wrong_one()
    {
        CopyUnits(_ => false);
        var unit = Path.Combine(_folder.FullName, "seqsweep-head.service");
        File.WriteAllText(unit, File.ReadAllText(unit).Replace("KillMode=", "KillMod=", StringComparison.Ordinal));
        Assert.Contains("KillMod", Run("verify", "--man=no", unit).Output, StringComparison.Ordinal);
    }

    /// <summary>With a program that is there, in the place of the one that is not installed on the machine of a test.</summary>
    private void CopyUnits(Func<string, bool> leaveOut)
    {
        var units = RepositoryFiles.PathOf("deploy", "systemd");
        foreach (var file in Directory.EnumerateFiles(units, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.FullName, Path.GetRelativePath(units, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllLines(copy, File.ReadLines(file).Where(line => !leaveOut(line)).Select(line => line.Replace(Program, "/bin/true", StringComparison.Ordinal)));
        }
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), $"systemd-analyze {string.Join(' ', arguments)} does not end");
        return (process.ExitCode, output + error.Result);
    }
}
