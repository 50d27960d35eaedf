using System.Collections.Concurrent;
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
    private readonly Dictionary<string, Process> _processes = [];
    private readonly ConcurrentDictionary<string, string> _lastWords = [];
    private readonly string[] _head;

    /// <param name="prepare">Writes the database before the head has it.</param>
    /// <exception cref="InvalidOperationException">The head does not start.</exception>
    public BenchFleet(Action<string>? prepare = null)
    {
        prepare?.Invoke(Reader.Path);
        var ports = Enumerable.Range(0, 3).Select(_ => $"{Ports.Free(IPAddress.Loopback)}").ToArray();
        Url = $"http://127.0.0.1:{ports[0]}";
        _head = ["head", "--http-port", ports[0], "--silo-port", ports[1], "--gateway-port", ports[2]];
        StartHead();
    }

    public string Url { get; }

    public ResultReader Reader => new(Path.Combine(_folder, ".seqsweep", "sweeps.db"));

    /// <summary>Starts the head, or starts it again; returns when it is ready.</summary>
    public void StartHead() => Start("head", _head);

    public void StartWorker(string name, params string[] more) => Start(name, ["worker", "--head", Url, "--name", name, "--device", "cpu", .. more]);

    /// <summary>Kills the process without warning; its name is <c>head</c> or a worker's.</summary>
    public void Kill(string name)
    {
        if (_processes.Remove(name, out var process))
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>Stops the process in its tracks: it lives, and does nothing.</summary>
    public void Freeze(string name)
    {
        using var kill = Process.Start("kill", ["-STOP", $"{_processes[name].Id}"]);
        kill.WaitForExit();
    }

    /// <summary>What the process has used of the processors so far.</summary>
    public TimeSpan ProcessorTime(string name)
    {
        _processes[name].Refresh();
        return _processes[name].TotalProcessorTime;
    }

    /// <summary>Processes that ended by themselves, with the last thing they said; empty when all live.</summary>
    public string Ended() => string.Join("; ", _processes.Where(process => process.Value.HasExited)
        .Select(process => $"{process.Key} ended with code {process.Value.ExitCode}: {_lastWords.GetValueOrDefault(process.Key)}"));

    public ProcessFigures Figures(string name) => ProcessFigures.Of(_processes[name].Id);

    /// <summary>Those of the process and all that it has started.</summary>
    public ProcessFigures FamilyFigures(string name) => ProcessFigures.OfFamily(_processes[name].Id);

    public SweepId Submit(string yaml, params string[] more) => SweepId.Parse(Client(["submit", Write(yaml), "--head", Url, .. more]).Trim());

    /// <returns>The sweep file.</returns>
    public string Write(string yaml)
    {
        var file = Path.Combine(_folder, "sweep.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }

    /// <summary>Submits the file and waits for the sweep's end.</summary>
    /// <returns>The sweep, and the time from its first trial's start to its end.</returns>
    public (SweepId Sweep, TimeSpan Took) Run(string yaml)
    {
        var sweep = Submit(yaml);
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
        foreach (var process in _processes.Values.Reverse())
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts a process that says one line when it is ready.</summary>
    private void Start(string name, string[] arguments)
    {
        var process = Process.Start(Info(arguments))!;
        _processes[name] = process;
        process.ErrorDataReceived += (_, line) => _lastWords[name] = line.Data ?? _lastWords.GetValueOrDefault(name, "");
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
