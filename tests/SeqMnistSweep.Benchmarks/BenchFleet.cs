using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using SeqMnistSweep.Benchmarks.Chaos;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks;

/// <summary>A head, workers and clients as processes of the program, in a temporary folder.</summary>
internal sealed class BenchFleet : IDisposable
{
    private const int LongestLastWords = 500;

    /// <summary>The build puts it here.</summary>
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "seqsweep");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-bench-").FullName;
    private readonly Dictionary<string, Process> _processes = [];
    private readonly ConcurrentDictionary<string, string> _lastWords = [];
    private readonly string[] _head;
    private readonly bool _apart;
    private readonly Network? _network;
    private readonly string[] _trust;

    /// <param name="prepare">Writes the database before the head has it.</param>
    /// <param name="apart">Whether every process has a folder of its own, as on machines of their own.</param>
    /// <param name="network">With hosts named as the head, the workers and <c>client</c>; null runs all on this one.</param>
    /// <param name="insecure">Whether nothing between the processes is encrypted.</param>
    public BenchFleet(Action<string>? prepare = null, bool apart = false, Network? network = null, bool insecure = false)
    {
        (_apart, _network, _trust) = (apart, network, insecure ? ["--insecure"] : []);
        prepare?.Invoke(Reader.Path);
        var ports = Enumerable.Range(0, 3).Select(_ => $"{Ports.Free(IPAddress.Loopback)}").ToArray();
        Url = $"{(network is null || insecure ? "http" : "https")}://{network?.Address("head") ?? "127.0.0.1"}:{ports[0]}";
        string[] listen = network is null ? [] : ["--listen", network.Address("head")];
        _head = ["head", "--http-port", ports[0], "--silo-port", ports[1], "--gateway-port", ports[2], .. listen, .. _trust];
        StartHead();
    }

    public string Url { get; }

    public ResultReader Reader => ReaderOf("head");

    /// <summary>The database of a process that has one.</summary>
    public ResultReader ReaderOf(string name) => new(Path.Combine(Folder(name), ".seqsweep", "sweeps.db"));

    /// <summary>From the start of the head's process to its word that it is ready.</summary>
    public TimeSpan HeadReadyAfter { get; private set; }

    /// <summary>Starts the head, or starts it again; returns when it is ready.</summary>
    public void StartHead()
    {
        var clock = Stopwatch.StartNew();
        Start("head", _head);
        HeadReadyAfter = clock.Elapsed;
    }

    public void StartWorker(string name, params string[] more) => Start(name, ["worker", "--head", Url, "--name", name, "--device", "cpu", .. _trust, .. more]);

    /// <summary>Starts a command that ends by itself; it is on this host, whatever the network.</summary>
    public void Begin(string name, params string[] arguments)
    {
        var process = Process.Start(Info(name, arguments, []))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        Watch(name, process);
    }

    /// <summary>Waits until the process has ended by itself, and forgets it.</summary>
    /// <exception cref="InvalidOperationException">It does not end within <paramref name="patience"/>.</exception>
    public int End(string name, TimeSpan? patience = null)
    {
        using var process = _processes[name];
        if (!process.WaitForExit(patience ?? Patience))
        {
            throw new InvalidOperationException($"{name} does not end: {_lastWords.GetValueOrDefault(name)}");
        }

        _processes.Remove(name);
        return process.ExitCode;
    }

    public bool HasEnded(string name) => !_processes.TryGetValue(name, out var process) || process.HasExited;

    /// <param name="signal">Such as <c>STOP</c>.</param>
    public void Signal(string name, string signal) => SignalTo(_processes[name].Id, signal);

    public static void SignalTo(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    /// <summary>Process ids of the worker's runners now.</summary>
    public IReadOnlyList<int> Runners(string name) => ChildProcesses.Of(_processes[name].Id, "runner");

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
    public void Freeze(string name) => Signal(name, "STOP");

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
        var file = Path.Combine(Folder("client"), "sweep.yaml");
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
        using var process = Process.Start(Info("client", arguments, On("client")))!;
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

        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A runner whose worker was killed is still going down; the system cleans the temporary folder.
        }
    }

    /// <summary>Where the process runs, and its files lie.</summary>
    public string Folder(string name) => _apart ? Directory.CreateDirectory(Path.Combine(_folder, name)).FullName : _folder;

    /// <summary>Starts a process that says one line when it is ready.</summary>
    private void Start(string name, string[] arguments)
    {
        var process = Process.Start(Info(name, arguments, On(name)))!;
        Watch(name, process);
        var line = process.StandardOutput.ReadLineAsync();
        if (!line.Wait(Patience) || line.Result is null)
        {
            throw new InvalidOperationException($"'seqsweep {string.Join(' ', arguments)}' does not start: {_lastWords.GetValueOrDefault(name)}");
        }
    }

    private void Watch(string name, Process process)
    {
        if (_processes.Remove(name, out var before))
        {
            before.Dispose();
        }

        _processes[name] = process;
        _lastWords.TryRemove(name, out _);
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data))
            {
                _lastWords.AddOrUpdate(name, line.Data, (_, before) => $"{before} / {line.Data}"[^Math.Min(LongestLastWords, before.Length + 3 + line.Data.Length)..]);
            }
        };
        process.BeginErrorReadLine();
    }

    private string[] On(string host) => _network?.On(host) ?? [];

    /// <param name="inside">A command that becomes the program; empty for none.</param>
    private ProcessStartInfo Info(string name, string[] arguments, string[] inside)
    {
        string[] command = [.. inside, Program, .. arguments];
        return new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = Folder(name),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }
}
