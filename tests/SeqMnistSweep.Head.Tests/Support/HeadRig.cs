using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Head.Workers;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Support;

/// <summary>A head silo on a database in a temporary folder, with workers that the test plays by hand.</summary>
internal sealed class HeadRig : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-head-").FullName;
    private readonly Func<HeadOptions, HeadOptions> _with;
    private int _siloPort;
    private HeadStore? _store;
    private IHost? _host;

    private readonly bool _asksWorkers;

    private HeadRig(Func<HeadOptions, HeadOptions> with, bool asksWorkers) => (_with, _asksWorkers) = (with, asksWorkers);

    public WorkerCredentials Workers => _host!.Services.GetRequiredService<WorkerCredentials>();

    public int GatewayPort { get; private set; }

    public HeadStore Store => _store!;

    public ResultReader Reader => _store!.Reader;

    public string CheckpointFolder => Path.Combine(_folder, "checkpoints");

    public IDispatchGrain Dispatch => Grains.GetGrain<IDispatchGrain>(0);

    public IHeadGrain Head => Grains.GetGrain<IHeadGrain>(0);

    public IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    public SweepActors Sweeps => _host!.Services.GetRequiredService<SweepActors>();

    public SweepSubmission Submissions => _host!.Services.GetRequiredService<SweepSubmission>();

    public ISweepGrain Sweep(SweepId sweep) => Grains.GetGrain<ISweepGrain>(sweep.Value);

    public static Task<HeadRig> StartAsync(bool takesUpUnfinished = true) => StartAsync(options => options with { TakesUpUnfinished = takesUpUnfinished });

    /// <param name="asksWorkers">Whether an exchange must show a worker key.</param>
    public static async Task<HeadRig> StartAsync(Func<HeadOptions, HeadOptions> with, bool asksWorkers = false)
    {
        var rig = new HeadRig(with, asksWorkers);
        await rig.UpAsync();
        return rig;
    }

    /// <summary>The head goes down and comes up again on the same database.</summary>
    public async Task RestartAsync()
    {
        await DownAsync();
        await UpAsync();
    }

    public async Task<SweepId> SubmitAsync(string yaml, bool @new = false) =>
        (await Head.Submit(new SubmitRequest(yaml, "sweep.yaml", @new, ImmutableSortedDictionary<string, string>.Empty, "test"))).Sweep;

    public FakeWorker Worker(string name, int slots = 1, int incarnation = 1, WorkerOffer? offer = null) =>
        new(this, new LeaseHolder(name, $"{name}-{incarnation}", "cpu"), slots, offer ?? new WorkerOffer());

    /// <summary>A worker whose process is one of the cluster's silos.</summary>
    public FakeWorker WorkerOn(IHost silo, string name) => new(
        this, new LeaseHolder(name, silo.Services.GetRequiredService<Orleans.Runtime.ILocalSiloDetails>().SiloAddress.ToParsableString(), "cpu"), 1, new WorkerOffer());

    /// <summary>The head looks at once after what it else looks after now and then.</summary>
    public async Task CheckAsync()
    {
        var services = _host!.Services;
        await services.GetRequiredService<Dispatcher>().Run(_ => services.GetRequiredService<Quarantine>().CheckAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task UpAsync()
    {
        _store = await HeadStore.OpenAsync(Path.Combine(_folder, "sweeps.db"), TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleans(silo =>
        {
            (_siloPort, GatewayPort) = (LocalPort.Free(), LocalPort.Free());
            silo.UseLocalhostClustering(_siloPort, GatewayPort, new IPEndPoint(IPAddress.Loopback, _siloPort));
        });
        builder.Services.AddHead(_with(new HeadOptions { CheckpointFolder = CheckpointFolder, LeaseTime = TimeSpan.FromSeconds(60) }), _store);
        if (_asksWorkers)
        {
            builder.Services.AddSingleton(_ => HeadIdentity.Open(_folder, CertificateLives.Usual, [], TimeProvider.System)).AddAdmission(asksWorkers: true);
        }

        _host = builder.Build();
        await _host.StartAsync();
    }

    /// <summary>Another silo of the cluster, a worker without an agent.</summary>
    public async Task<IHost> StartSiloAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(TimeProvider.System);
        SiloRole.AddTo(builder.Services, SiloRole.Worker);
        builder.Services.AddPlacementDirector<PinnedPlacement, PinnedPlacementDirector>();
        builder.Services.AddPlacementDirector<HeadPlacement, HeadPlacementDirector>();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(LocalPort.Free(), 0, new IPEndPoint(IPAddress.Loopback, _siloPort)));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task DownAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
        _store!.Dispose();
    }
}

/// <summary>A worker's side of the exchange, one call at a time.</summary>
internal sealed class FakeWorker(HeadRig rig, LeaseHolder holder, int slots, WorkerOffer offer)
{
    private readonly List<NumberedEvent> _outbox = [];
    private readonly HashSet<TrialId> _reported = [];
    private long _sequence;

    public List<TrialGrant> Running { get; } = [];

    public LeaseHolder Holder => holder;

    /// <summary>Events that are not acknowledged.</summary>
    public IReadOnlyList<NumberedEvent> Unheard => _outbox;

    /// <summary>Queues an event; the trial's slot is free again after a last one. Who completes without a report gives one first.</summary>
    public FakeWorker Tell(TrialGrant grant, AttemptEvent happened)
    {
        if (happened is AttemptEvent.Completed && !_reported.Contains(grant.Trial))
        {
            Report(grant, 1, 0.5);
        }

        if (happened is AttemptEvent.Reported)
        {
            _reported.Add(grant.Trial);
        }

        _outbox.Add(new NumberedEvent(++_sequence, grant.Trial, grant.Lease, happened));
        if (happened.EndsAttempt)
        {
            Running.RemoveAll(running => running.Trial == grant.Trial && running.Lease == grant.Lease);
        }

        return this;
    }

    /// <summary>Tells of an epoch; the file of its checkpoint lies at the head by then.</summary>
    public FakeWorker Report(TrialGrant grant, int epoch, double value, CheckpointFile? checkpoint = null) => Put(grant.Trial, checkpoint).Tell(
        grant,
        new AttemptEvent.Reported(new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty.Add("value", value)), checkpoint));

    /// <summary>One exchange.</summary>
    /// <param name="deliver">False when the reply is lost on the way: nothing is acknowledged here and no grant arrives.</param>
    public async Task<ExchangeReply> ExchangeAsync(bool deliver = true, bool draining = false, int ahead = 0, bool leaving = false)
    {
        var reply = await rig.Dispatch.Exchange(
            new ExchangeRequest
            {
                Holder = holder,
                Slots = slots,
                FreeSlots = draining ? 0 : Math.Max(0, slots - Running.Count),
                Ahead = ahead,
                Offer = offer,
                Leaving = leaving,
                Draining = draining,
                Running = [.. Running.Select(grant => new RunningAttempt(grant.Trial, grant.Lease, null))],
                Events = [.. _outbox],
            },
            CancellationToken.None);
        if (deliver)
        {
            _outbox.RemoveAll(told => told.Sequence <= reply.Acknowledged && !reply.Unsettled.Contains(told.Trial.Sweep));
            Running.RemoveAll(running => reply.Orders.Any(order => order.Trial == running.Trial && order.Lease == running.Lease));
            Running.AddRange(reply.Grants);
        }

        return reply;
    }

    /// <summary>Exchanges until a trial is granted, and starts it.</summary>
    public async Task<TrialGrant> StartAsync()
    {
        var grant = (await ExchangeAsync()).Grants.Single();
        Tell(grant, new AttemptEvent.Started("cpu"));
        return grant;
    }

    private FakeWorker Put(TrialId trial, CheckpointFile? checkpoint)
    {
        var folder = Path.Combine(rig.CheckpointFolder, trial.Sweep.Value, $"{trial.Number}");
        if (checkpoint is not null && !File.Exists(Path.Combine(folder, checkpoint.FileName)))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, checkpoint.FileName), "x");
        }

        return this;
    }
}
