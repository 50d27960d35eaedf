using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>The commands under deploy/ as plain processes, with other folders, ports and addresses: they come up, and leave at SIGTERM with 0.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-deploy-");
    private readonly List<Process> _started = [];

    public static TheoryData<string, string> Targets => new()
    {
        { "compose.yaml", "compose.yaml" },
        { "systemd/seqsweep-head.service", "systemd/seqsweep-worker@.service" },
        { "kubernetes/head.yaml", "kubernetes/worker.yaml" },
        { "kubernetes/head.yaml", "slurm/worker-array.sbatch" },
    };

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Head_and_worker_come_up_and_leave_in_time(string headFile, string workerFile)
    {
        var (head, ready) = await StartAsync(Of(headFile, "head"), Replaced("--db", "sweeps.db"),
            [("--advertise", "127.0.0.1"), ("--http-port", "0"), ("--silo-port", "0"), ("--gateway-port", "0")]);
        var address = ready.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        var (worker, _) = await StartAsync(Of(workerFile, "worker"), Replaced("--dir", "worker"),
            [await WayToAsync(address), ("--name", "one"), ("--device", "cpu"), ("--advertise", "127.0.0.1"), ("--silo-port", "0")]);
        foreach (var process in new[] { worker, head })
        {
            Assert.Equal(0, Kill(process.Id, Terminate));
            using var limit = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
        }
    }

    /// <summary>A worker on the head's machine finds it by itself, one elsewhere by a join line.</summary>
    private async Task<(string Option, string Value)> WayToAsync(string address)
    {
        if (!address.StartsWith("https:", StringComparison.Ordinal)) return ("--head", address);

        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "seqsweep.dll"), "join-line", "--head", address]) { RedirectStandardOutput = true };
        var file = Path.Combine(_folder.FullName, "join.line");
        await Until.True(async () =>
        {
            // A busy machine may not answer the first time.
            using var process = Process.Start(start)!;
            await File.WriteAllTextAsync(file, await process.StandardOutput.ReadToEndAsync());
            return new FileInfo(file).Length > 0;
        }, () => "no join line");
        return ("--join", $"@{file}");
    }

    private static DeployedCommand Of(string file, string verb) => DeployedCommand.In(file).Last(command => command.Verb == verb && command.Grace is not null);

    private (string Option, string Value) Replaced(string option, string name) => (option, Path.Combine(_folder.FullName, name));

    /// <summary>With what belongs to another machine replaced, and nothing else.</summary>
    private async Task<(Process Process, string Ready)> StartAsync(DeployedCommand command, (string Option, string Value) folder, (string Option, string Value)[] here)
    {
        var arguments = command.Arguments.ToList();
        foreach (var (option, value) in here.Prepend(folder))
        {
            var at = arguments.IndexOf(option);
            if (at >= 0)
            {
                arguments[at + 1] = value;
            }
            else
            {
                arguments.AddRange([option, value]);
            }
        }

        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "seqsweep.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        var process = Process.Start(start)!;
        _started.Add(process);
        var talk = new List<string?>();
        process.ErrorDataReceived += (_, line) => talk.Add(line.Data);
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Patience);
        var ready = await process.StandardOutput.ReadLineAsync(limit.Token);
        Assert.True(ready?.StartsWith($"{command.Verb} ready: ", StringComparison.Ordinal), $"seqsweep {string.Join(' ', arguments)}\n{ready}\n{string.Join('\n', talk)}");
        return (process, ready!);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
