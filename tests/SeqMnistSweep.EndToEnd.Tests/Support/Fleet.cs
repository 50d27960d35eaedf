using System.Net;
using System.Net.Sockets;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>A head and workers as processes, each worker in a folder of its own as on a machine of its own, and clients that know only the head's address.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly Dictionary<string, RunningProgram> _workers = [];
    private readonly string[] _ports = [$"{LocalPort.Free()}", $"{LocalPort.Free()}", $"{LocalPort.Free()}"];
    private readonly Network? _network;
    private RunningProgram? _head;

    /// <param name="network">With hosts named as head, workers and <c>cli</c>; null runs everything on this one.</param>
    public Fleet(Network? network = null) => _network = network;

    public SeqSweep Place { get; } = new();

    /// <summary>A command that begins the head's, such as a shell that sets a variable.</summary>
    public IReadOnlyList<string> Around { get; set; } = [];

    public string Url => $"{(_network is null ? "http" : "https")}://{_network?.Address("head") ?? "127.0.0.1"}:{_ports[0]}";

    /// <summary>HTTP, silo and gateway.</summary>
    public IReadOnlyList<int> Ports => [.. _ports.Select(int.Parse)];

    /// <summary>The line by which workers on hosts of their own join; they find nothing else of the head.</summary>
    public string JoinLine { get; private set; } = "";

    public RunningProgram Head => _head!;

    public IReadOnlyDictionary<string, RunningProgram> Workers => _workers;

    public ResultReader Reader => new(Path.Combine(Place.Folder, "head", ".seqsweep", "sweeps.db"));

    /// <summary>Starts the head, or starts it again; returns when it is ready.</summary>
    public async Task StartHeadAsync(params string[] more)
    {
        if (_head is not null)
        {
            await _head.DisposeAsync();
        }

        string[] listen = _network is null ? [] : ["--listen", _network.Address("head")];
        _head = new RunningProgram(
            SeqSweep.Program, ["head", "--http-port", _ports[0], "--silo-port", _ports[1], "--gateway-port", _ports[2], .. listen, .. more], Folder("head"), [.. On("head"), .. Around]);
        await Ready(_head, "head ready");
        if (_network is not null && JoinLine.Length == 0)
        {
            JoinLine = (await AnsweredAsync("join-line")).Output.Trim();
        }
    }

    /// <summary>Starts a worker, or starts it again; returns when it is ready.</summary>
    public async Task StartWorkerAsync(string name, params string[] more)
    {
        await StopAsync(name);
        string[] way = _network is null ? ["--head", Url] : ["--join", JoinLine];
        string[] elsewhere = _network is null ? [] : ["env", "-u", "XDG_RUNTIME_DIR", "-u", "XDG_STATE_HOME", "HOME=/nonexistent"];
        _workers[name] = new RunningProgram(
            SeqSweep.Program, ["worker", .. way, "--name", name, "--device", "cpu", .. more], Folder(name), [.. On(name), .. elsewhere]);
        await Ready(_workers[name], "worker ready");
    }

    /// <summary>Whatever is left of the worker is killed.</summary>
    public async Task StopAsync(string name)
    {
        if (_workers.Remove(name, out var worker))
        {
            await worker.DisposeAsync();
        }
    }

    /// <summary>A client command, in a folder without a database.</summary>
    public RunningProgram Start(params string[] arguments) => new(SeqSweep.Program, [.. arguments, "--head", Url], Folder("client"), On("cli"));

    public async Task<Ended> ClientAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return (await process.EndAsync()).WithoutStackTrace();
    }

    /// <summary>A client command that changes nothing twice, again where the head does not answer: a machine may be busy with other tests.</summary>
    public async Task<Ended> AnsweredAsync(params string[] arguments)
    {
        var ended = await ClientAsync(arguments);
        for (var tries = 1; ended.Code == 6 && tries < 5; tries++)
        {
            ended = await ClientAsync(arguments);
        }

        return ended.Expect(0);
    }

    /// <summary>Of an admin of the head.</summary>
    public async Task<string> TokenAsync() => (await ClientAsync("token", "show")).Expect(0).Output.Trim();

    public async Task<SweepId> SubmitAsync(string yaml, params string[] more)
    {
        File.WriteAllText(Path.Combine(Folder("client"), "sweep.yaml"), yaml);
        return SweepId.Parse((await ClientAsync(["submit", "sweep.yaml", .. more])).Expect(0).Output.Trim());
    }

    public RestoredSweep Load(SweepId sweep) => Reader.LoadSweep(sweep)!;

    /// <summary>Waits until the sweep has ended; fails with what head and workers said when it does not.</summary>
    public async Task<RestoredSweep> EndedAsync(SweepId sweep)
    {
        await UntilAsync(() => StateNames.Parse<SweepState>(Reader.Sweep(sweep)!.State).IsFinal(), "the end of the sweep");
        return Load(sweep);
    }

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        try
        {
            await Head.UntilAsync(condition, what);
        }
        catch (Xunit.Sdk.FailException error)
        {
            Assert.Fail($"{error.Message}\n{string.Join('\n', _workers.Select(worker => $"--- {worker.Key}\n{worker.Value.Output}{worker.Value.Error}"))}");
        }
    }

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(Place.Folder, name)).FullName;

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _workers.Keys.ToList())
        {
            await StopAsync(name);
        }

        if (_head is not null)
        {
            await _head.DisposeAsync();
        }

        Place.Dispose();
    }

    private string[] On(string host) => _network?.On(host) ?? [];

    private static async Task Ready(RunningProgram program, string line)
    {
        await program.UntilAsync(() => program.HasExited || program.Output.Contains(line, StringComparison.Ordinal), $"'{line}'");
        Assert.True(!program.HasExited, $"it ended instead of saying '{line}':\n{program.Output}\n{program.Error}");
    }
}
