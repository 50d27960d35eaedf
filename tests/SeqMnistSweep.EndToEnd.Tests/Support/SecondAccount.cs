using System.Diagnostics;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>Another account of this machine, with a copy of the program that it may read.</summary>
internal sealed class SecondAccount : IDisposable
{
    public const string Name = "nobody";

    private static readonly string[] Inside =
        ["setpriv", "--reuid", "65534", "--clear-groups", "env", "-u", "XDG_RUNTIME_DIR", "-u", "XDG_STATE_HOME", "-u", "XDG_CONFIG_HOME", "HOME=/nonexistent"];

    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-nobody-").FullName;

    public SecondAccount()
    {
        Run("cp", "-rL", Path.GetDirectoryName(SeqSweep.Program)!, Path.Combine(_folder, "bin"));
        Run("chmod", "-R", "a+rX", _folder);
    }

    /// <summary>Runs the program to its end.</summary>
    public async Task<Ended> RunAsync(params string[] arguments)
    {
        await using var process = new RunningProgram(Path.Combine(_folder, "bin", Path.GetFileName(SeqSweep.Program)), arguments, "/", Inside);
        return (await process.EndAsync()).WithoutStackTrace();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

/// <summary>A test that needs another account; skipped where the tests' own may not become one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsSecondAccountFactAttribute : FactAttribute
{
    public NeedsSecondAccountFactAttribute()
    {
        if (Environment.UserName != "root" || !File.Exists("/usr/bin/setpriv"))
        {
            Skip = "only root can become another account, with setpriv";
        }
    }
}
