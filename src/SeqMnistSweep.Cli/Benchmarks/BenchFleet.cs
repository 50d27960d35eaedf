using System.Diagnostics;
using System.Net;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Results;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Benchmarks;

/// <summary>A head, workers and clients of this very program as processes, in a temporary folder.</summary>
internal sealed class BenchFleet : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-bench-").FullName;
    private readonly List<Process> _processes = [];

    /// <exception cref="InvalidOperationException">The head does not start.</exception>
    public BenchFleet()
    {
        var ports = Enumerable.Range(0, 3).Select(_ => $"{Ports.Free(IPAddress.Loopback)}").ToArray();
        Url = $"http://127.0.0.1:{ports[0]}";
        Start("head", "--http-port", ports[0], "--silo-port", ports[1], "--gateway-port", ports[2]);
    }

    public string Url { get; }

    public ResultReader Reader => new(Path.Combine(_folder, ".seqsweep", "sweeps.db"));

    public void StartWorker(string name, params string[] more) => Start(["worker", "--head", Url, "--name", name, "--device", "cpu", .. more]);

    /// <summary>Submits the file and waits for the sweep's end.</summary>
    /// <returns>The sweep, and the time from its first trial's start to its end.</returns>
    public (SweepId Sweep, TimeSpan Took) Run(string yaml)
    {
        var file = Path.Combine(_folder, "sweep.yaml");
        File.WriteAllText(file, yaml);
        var sweep = SweepId.Parse(Client("submit", file, "--head", Url).Trim());
        Client("wait", sweep.Value, "--head", Url);
        var row = Reader.FindSweeps(sweep.Value).Single();
        return (sweep, Timestamp.Parse(row.Finished!) - Timestamp.Parse(row.Started!));
    }

    public string Client(params string[] arguments)
    {
        using var process = Process.Start(Info(arguments))!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"'seqsweep {string.Join(' ', arguments)}' ended with code {process.ExitCode}");
    }

    public void Dispose()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts a process that says one line when it is ready.</summary>
    private void Start(params string[] arguments)
    {
        var process = Process.Start(Info(arguments))!;
        _processes.Add(process);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        if (process.StandardOutput.ReadLine() is null)
        {
            throw new InvalidOperationException($"'seqsweep {string.Join(' ', arguments)}' does not start");
        }
    }

    private ProcessStartInfo Info(string[] arguments)
    {
        var self = RunnerCommandLine.Self();
        return new ProcessStartInfo(self[0], [.. self.Skip(1), .. arguments])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }
}
