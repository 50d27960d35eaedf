using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Agents;
using SeqMnistSweep.Worker.Core;
using SeqMnistSweep.Worker.Hosting;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Tests.Support;

/// <summary>A worker in a silo of its own, with a head that the test plays.</summary>
internal sealed class WorkerRig : IAsyncDisposable
{
    private readonly IHost _host;

    private WorkerRig(IHost host, string folder, PlayedHead head) => (_host, Folder, Head) = (host, folder, head);

    public string Folder { get; }

    public PlayedHead Head { get; }

    public WorkerCore Core => Agent.Core;

    public WorkerAgent Agent => _host.Services.GetRequiredService<WorkerAgent>();

    public static async Task<WorkerRig> StartAsync(int slots, Func<WorkerOptions, WorkerOptions>? change = null)
    {
        var folder = Directory.CreateTempSubdirectory("seqsweep-worker-").FullName;
        var options = new WorkerOptions
        {
            Name = "w",
            Slots = slots,
            CheckpointFolder = Path.Combine(folder, "checkpoints"),
            LogFolder = Path.Combine(folder, "logs"),
            StateFolder = Path.Combine(folder, "state"),
            RunnerCommand = ["/nowhere/runner"],
        };
        var head = new PlayedHead();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(head);
        builder.UseOrleans(silo =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            silo.UseLocalhostClustering(port, 0, new IPEndPoint(IPAddress.Loopback, port));
        });

        // The real head's grains are in this process too, for its files over HTTP.
        builder.Services.Configure<GrainTypeOptions>(types => types.Classes.RemoveWhere(type => type.Assembly == typeof(Head.Storage.HeadStore).Assembly));
        SiloRole.AddTo(builder.Services, SiloRole.Head);
        builder.Services.AddWorker(change?.Invoke(options) ?? options);
        var host = builder.Build();
        await host.StartAsync();
        return new WorkerRig(host, folder, head);
    }

    public ITrialGrain Trial(TrialGrant grant) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrialGrain>(
        new TrialGrainKey(grant.Trial, grant.Lease, _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString()).ToString());

    public Task BeginAsync(TrialGrant grant) => Trial(grant).Start(grant);

    /// <summary>The head orders this at once, without waiting for an exchange.</summary>
    public void Order(TrialGrant grant, bool giveBack = false)
    {
        var reply = new ExchangeReply { HeadEpoch = 1, Acknowledged = 0, Orders = [new TrialOrder(grant.Trial, grant.Lease, giveBack)] };
        Core.Take(Core.Ask(), reply);
    }

    /// <summary>Drains and leaves.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public static TrialGrant Grant(int trial, long lease = 1, string program = "noop", params (string Name, ParameterValue Value)[] parameters) => new()
    {
        Trial = new TrialId(SweepId.Parse("rig-0000"), trial),
        Lease = lease,
        Attempt = (int)lease,
        Program = program,
        Parameters = new ParameterSet(parameters.Select(item => KeyValuePair.Create(item.Name, item.Value))),
        Seed = 1,
        Metric = "value",
        Metrics = ["value"],
        Maximize = false,
    };
}

/// <summary>Gives out the grants it was given, and keeps a book that no real head would need: which lease began, said what and ended.</summary>
internal sealed class PlayedHead
{
    private readonly object _gate = new();
    private readonly Queue<TrialGrant> _toGrant = [];
    private readonly Dictionary<(TrialId, long), TrialGrant> _live = [];
    private readonly List<NumberedEvent> _heard = [];
    private readonly List<TrialOrder> _orders = [];
    private readonly List<TrialVerdict> _verdicts = [];
    private long _last;

    /// <summary>Called with every request before it is answered; may throw, as a head may fail.</summary>
    public Action<ExchangeRequest> OnRequest { get; set; } = _ => { };

    public bool Drain { get; set; }

    public bool KeepsEvents { get; set; } = true;

    public ExchangeRequest? LastRequest { get; private set; }

    public int Ended { get; private set; }

    public ImmutableArray<AttemptEvent> Heard(int trial)
    {
        lock (_gate)
        {
            return [.. _heard.Where(told => told.Trial.Number == trial).Select(told => told.Event)];
        }
    }

    public void Offer(IEnumerable<TrialGrant> grants)
    {
        lock (_gate)
        {
            foreach (var grant in grants)
            {
                _toGrant.Enqueue(grant);
            }
        }
    }

    public void Order(TrialId trial, long lease)
    {
        lock (_gate)
        {
            _orders.Add(new TrialOrder(trial, lease));
            _live.Remove((trial, lease));
        }
    }

    public void Decide(TrialId trial, long lease, int epoch, Verdict verdict)
    {
        lock (_gate)
        {
            _verdicts.Add(new TrialVerdict(trial, lease, epoch, verdict));
        }
    }

    public ExchangeReply Answer(ExchangeRequest request)
    {
        OnRequest(request);
        lock (_gate)
        {
            LastRequest = request;
            foreach (var told in request.Events.Where(told => told.Sequence > _last))
            {
                _last = told.Sequence;
                if (KeepsEvents)
                {
                    _heard.Add(told);
                }

                if (told.Event.EndsAttempt)
                {
                    _live.Remove((told.Trial, told.Lease));
                    Ended++;
                }
            }

            // As the real one: what is live here and unknown there was granted and never arrived.
            var known = request.Running.Select(running => (running.Trial, running.Lease)).ToHashSet();
            var grants = request.Draining ? [] : _live.Where(live => !known.Contains(live.Key)).Select(live => live.Value).ToList();
            for (var free = request.FreeSlots + request.Ahead - grants.Count; free > 0 && _toGrant.TryDequeue(out var grant); free--)
            {
                _live.Add((grant.Trial, grant.Lease), grant);
                grants.Add(grant);
            }

            var orders = _orders.Where(order => known.Contains((order.Trial, order.Lease))).ToImmutableArray();
            return new ExchangeReply { HeadEpoch = 1, Acknowledged = _last, Grants = [.. grants], Orders = orders, Verdicts = [.. _verdicts], Drain = Drain };
        }
    }
}

[HeadPlacement]
internal sealed class PlayedDispatchGrain(PlayedHead head) : Grain, IDispatchGrain
{
    public Task<ExchangeReply> Exchange(ExchangeRequest request, CancellationToken cancellation) => Task.FromResult(head.Answer(request));
}
