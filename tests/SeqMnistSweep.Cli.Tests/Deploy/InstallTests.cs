using System.Diagnostics;
using System.Runtime.Versioning;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>deploy/install.sh with a small archive, in which a script stands for the program.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class InstallTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-install-");

    private string Prefix => Path.Combine(_folder.FullName, "opt", "seqsweep");

    private string Link => Path.Combine(_folder.FullName, "bin", "seqsweep");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("package.sh")]
    [InlineData("install.sh")]
    public void Scripts_can_be_read_by_their_shell(string script)
    {
        var path = RepositoryFiles.PathOf("deploy", script);
        var shell = File.ReadLines(path).First().Split('/', ' ')[^1];
        Assert.Equal((0, ""), Run(shell, "-n", path));
        Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), $"{script} cannot be executed");
    }

    [Fact]
    public void It_installs_replaces_and_removes()
    {
        var (code, output) = Install(Archive("one"));
        Assert.True(code == 0, output);
        Assert.Contains($"{Link} run {Prefix}/sweeps/quickstart.yaml", output, StringComparison.Ordinal);
        Assert.Equal((0, "one\n"), Run(Link));

        // Again, and with another version, of which nothing is left of the first.
        File.WriteAllText(Path.Combine(Prefix, "of-the-first"), "");
        Assert.Equal(0, Install(Archive("two")).Code);
        Assert.Equal(0, Install(Archive("two")).Code);
        Assert.Equal((0, "two\n"), Run(Link));
        Assert.False(File.Exists(Path.Combine(Prefix, "of-the-first")));
        Assert.Equal(["seqsweep"], Names(Path.GetDirectoryName(Prefix)!));

        Assert.Equal(0, Install("--remove").Code);
        Assert.Equal(0, Install("--remove").Code);
        Assert.Empty(Names(Path.GetDirectoryName(Prefix)!));
        Assert.Empty(Names(Path.GetDirectoryName(Link)!));
    }

    [Fact]
    public void It_checks_the_checksum_that_lies_beside_the_archive()
    {
        var archive = Archive("one");
        var sums = Path.Combine(_folder.FullName, "SHA256SUMS");
        File.WriteAllText(sums, Run("sha256sum", archive).Output.Replace(_folder.FullName + "/", "", StringComparison.Ordinal));
        Assert.Equal(0, Install(archive).Code);

        Archive("two");
        Refused(archive, "SHA256SUMS");
        File.WriteAllText(sums, "");
        Refused(archive, "SHA256SUMS");
        Assert.Equal((0, "one\n"), Run(Link));
    }

    [Fact]
    public void A_program_that_does_not_run_here_changes_nothing()
    {
        Assert.Equal(0, Install(Archive("one")).Code);
        Refused(Archive("two", exitCode: 134), "does not run here");
        Assert.Equal((0, "one\n"), Run(Link));
    }

    [Fact]
    public void It_neither_replaces_nor_removes_what_is_not_its_own()
    {
        Directory.CreateDirectory(Prefix);
        File.WriteAllText(Path.Combine(Prefix, "thesis.tex"), "");
        Refused(Archive("one"), "no installation");
        Refused("--remove", "no installation");
        File.Delete(Path.Combine(Prefix, "thesis.tex"));

        Directory.CreateDirectory(Path.GetDirectoryName(Link)!);
        File.WriteAllText(Link, "");
        Refused(Archive("one"), Link);
        File.Delete(Link);

        Assert.Equal(0, Install(Archive("one")).Code);
        Directory.CreateDirectory(Path.Combine(Prefix, "sweeps", ".seqsweep"));
        Refused(Archive("two"), "database");
        Refused("--remove", "database");
        Assert.Equal((0, "one\n"), Run(Link));
    }

    private void Refused(string argument, string reason)
    {
        var (code, output) = Install(argument);
        Assert.True(code == 1, output);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", output, StringComparison.Ordinal);
    }

    private (int Code, string Output) Install(string argument) =>
        Run("sh", RepositoryFiles.PathOf("deploy", "install.sh"), argument, "--prefix", Prefix, "--bin", Path.GetDirectoryName(Link)!);

    /// <summary>Of the form that package.sh gives an archive.</summary>
    private string Archive(string says, int exitCode = 0)
    {
        var content = Directory.CreateDirectory(Path.Combine(_folder.FullName, "seqsweep-test"));
        File.WriteAllText(Path.Combine(content.FullName, "seqsweep"), $"#!/bin/sh\necho {says}\nexit {exitCode}\n");
        File.SetUnixFileMode(Path.Combine(content.FullName, "seqsweep"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(content.FullName, "seqsweep.dll"), "");
        var archive = Path.Combine(_folder.FullName, "seqsweep-test.tar.gz");
        Assert.Equal((0, ""), Run("tar", "-czf", archive, "-C", _folder.FullName, content.Name));
        return archive;
    }

    private static IEnumerable<string?> Names(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName);

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), $"{program} {string.Join(' ', arguments)} does not end");
        return (process.ExitCode, output + error.Result);
    }
}
