using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Cli.Hosting.Membership;
using SeqMnistSweep.Cli.Hosting.Tls;
using SeqMnistSweep.Security;
using SeqMnistSweep.Worker;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The life of one worker process: waits for the head, joins, trains until it is to leave, drains.</summary>
internal sealed class WorkerRun(WorkerSettings settings, CommandContext context)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private SharedDevice _shared = SharedDevice.Alone;
    private WorkerAdmission _admission = new(settings.Name, settings.Head, settings.Join, context);

    private string Folder => Path.Combine(settings.Folder, "workers", settings.Name);

    /// <exception cref="CommandError">It cannot work here: no such device, a name or device that is taken, a libtorch that does not load, a
    /// head of another version.</exception>
    public async Task ExecuteAsync(CancellationToken leave)
    {
        using var name = OneProcess.Hold(
            Path.Combine(Folder, "lock"), $"a worker named {settings.Name} runs in {settings.Folder} already",
                "several workers on one machine: give each a --name");
        var choice = new DeviceChoice(
            settings.Device, settings.Libtorch, settings.Device != "auto" && settings.Programs.AllowsSome);
        using var held = await choice.HoldAsync(settings.Folder, context.Variable, context.Say, leave);
        var device = held.Device;
        var measures = !TrainsOnCpu(device);
        await using var shared = await SharedDevice.OfAsync(
            held, settings.Slots, one => Options(device, null, one), Environment.ProcessorCount, measures, settings.NoMps, settings.Folder,
            context, leave);
        _shared = shared;
        if (Options(device, null).UnevenSlots is { } uneven)
        {
            throw new CommandError(ExitCodes.Usage, uneven, "give --slots a divisor or a multiple of that number");
        }

        if (await AwaitHeadAsync(leave) is not { } at) return;

        await using var worker = await JoinAsync(at.Head, at.Pass, device, leave);
        using var stay = CancellationTokenSource.CreateLinkedTokenSource(leave);
        var lost = at.Pass is { } pass ? _admission.KeepAsync(pass, stay.Token) : new TaskCompletionSource<string>().Task;
        var refusal = await StayAsync(worker, lost, leave);
        await worker.StopAsync();
        await stay.CancelAsync();
        if (refusal is not null) throw refusal;

        context.Say($"{settings.Name} has left");
    }

    private bool TrainsOnCpu(DeviceSelection device) => device.Gpu is not null && !LibtorchFiles.HaveCuda(settings.Libtorch);

    /// <summary>A worker may start before its head, and wait as long as it takes.</summary>
    /// <returns>Null when it was told to leave meanwhile.</returns>
    private async Task<(HeadInfo Head, WorkerPass? Pass)?> AwaitHeadAsync(CancellationToken leave)
    {
        string? told = null;
        while (!leave.IsCancellationRequested)
        {
            try
            {
                FindHead();
                var pass = settings.Insecure ? null : await _admission.JoinAsync(leave);
                using var client = pass is null ? HeadHttp.Create(context.Variable) : WorkerAdmission.Client(pass);
                return ((await HeadHttp.AskAsync(client, settings.Head, leave)).RequireSameVersion(settings.Head), pass);
            }
            catch (CommandError error) when (
                error is HeadUnreachable or HeadRefuses { IsOwn: true } || (error is HeadUnknown && settings.Head.IsLoopback))
            {
                if (error.Message != told)
                {
                    told = error.Message;
                    context.Say($"waiting: {told}");
                }
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                return null;
            }

            await Task.Delay(Beat, context.Time, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <summary>A head of this account that has started meanwhile may listen elsewhere than where it was looked for.</summary>
    private void FindHead()
    {
        if (settings.Join is not null) return;

        settings = settings with { Head = HeadAddress.Of(settings.Head.GetLeftPart(UriPartial.Authority), context.Variable) };
        if (HeadCredential.OwnHead(settings.Head, context.Variable) is { Gateway: null })
        {
            throw new CommandError(
                ExitCodes.NotAllowed, $"what runs at {settings.Head.Authority} is no head but a run, which takes no other workers",
                "start a head, and give it the sweep: seqsweep head, seqsweep submit FILE");
        }

        _admission = new WorkerAdmission(settings.Name, settings.Head, settings.Join, context);
    }

    private async Task<WorkerHost> JoinAsync(HeadInfo head, WorkerPass? pass, DeviceSelection device, CancellationToken leave)
    {
        if (head.Insecure != settings.Insecure)
        {
            throw new CommandError(
                ExitCodes.Usage,
                head.Insecure ? "the head trusts its network (--insecure), and this worker was not told to"
                    : "this worker was told to trust the network (--insecure), and the head does not",
                "start both with --insecure, or neither");
        }

        if (head.Membership != settings.Membership.ToString())
        {
            throw new CommandError(
                ExitCodes.Usage,
                $"the head keeps the cluster's membership at '{head.Membership}', and this worker was told '{settings.Membership}'",
                "start both with the same --membership");
        }

        await settings.Membership.PrepareAsync(leave);
        var towards = ListenAddress.Towards(IPEndPoint.Parse(head.Silo!).Address);
        var listen = ListenAddress.Of(settings.Listen ?? towards.ToString(), settings.Advertise);
        var port = settings.SiloPort == 0 ? Ports.Free(listen.Bind) : settings.SiloPort;
        if (settings.SiloPort != 0)
        {
            Ports.Require(listen.Bind, port, "--silo-port");
        }

        var worker = Options(device, pass);
        ILoggerProvider[] logs = [new ConsoleLog(context.Error, context.Time),
            new FileLog(Path.Combine(Folder, "logs", "worker.log"), context.Time)];
        var host = await WorkerHost.StartAsync(
            listen, port, silo => Join(silo, pass), worker, logs, context.Time, leave);
        context.Announce(
            $"worker ready: {worker.Name}  {worker.Device}  {Plural.Of(worker.Slots, "slot")}  silo {new IPEndPoint(listen.Advertised, port)}  head "
                + $"{settings.Head.GetLeftPart(UriPartial.Authority)}");
        return host;
    }

    private void Join(ISiloBuilder silo, WorkerPass? pass)
    {
        silo.UseMembership(settings.Membership, settings.Head, _ => pass?.Key, pass?.Tls());
        if (pass is null) return;

        silo.Services.AddSingleton(services => new ClusterTls(
            () => pass.Certificate, pass.Authority, services.GetRequiredService<ILogger<ClusterTls>>()));
        ClusterTls.Between(silo);
    }

    private WorkerOptions Options(DeviceSelection device, WorkerPass? pass) => Options(device, pass, _shared);

    private WorkerOptions Options(DeviceSelection device, WorkerPass? pass, SharedDevice shared) => new()
    {
        Name = settings.Name,
        Slots = shared.Slots,
        Mps = shared.Mps?.Share,
        SlotMemory = settings.SlotMemory,
        Device = device.Name,
        GpuIds = [.. device.Gpus.Select(gpu => gpu.Uuid)],
        DeviceFacts = shared.FactsOf(device),
        TrainsOnCpu = TrainsOnCpu(device),
        CheckpointFolder = Path.Combine(Folder, "checkpoints"),
        LogFolder = Path.Combine(Folder, "logs"),
        DataFolder = settings.DataFolder,
        HeadUrl = settings.Head,
        HeadToken = _ => pass?.Key,
        HeadTls = pass?.Tls(),
        WorkerKey = pass is null ? null : () => pass.Key,
        StateFolder = settings.Folder,
        Isolate = settings.Isolate,
        Programs = settings.Programs,
        ProgramEnvironment = ProgramEnvironment.Least.With(settings.ProgramVariables),
        UsesSandbox = settings.UsesSandbox,
        ProgramFolder = settings.ProgramFolder,
        Tags = [.. settings.Tags],
        RunnerCommand = RunnerCommandLine.For(settings.Libtorch),
        KeeperCommand = RunnerCommandLine.Keeper(),
        Grace = settings.Grace,
        DrainTime = settings.DrainTime,
    };

    /// <summary>Until it is told to leave, or <see cref="WorkerLife"/> says so.</summary>
    /// <param name="lost">Ends when the head wants it no more.</param>
    /// <returns>Why the head refuses it; null when it does not.</returns>
    private async Task<CommandError?> StayAsync(WorkerHost worker, Task<string> lost, CancellationToken leave)
    {
        var life = new WorkerLife(settings.UntilIdle, settings.MaxTime);
        var start = context.Time.GetTimestamp();
        while (!leave.IsCancellationRequested)
        {
            var (held, refused) = worker.State;
            if (refused is { } refusal)
            {
                return new CommandError(ExitCodes.NotAllowed, refusal, "give this one another --name, or end the other first");
            }

            if (lost.IsCompletedSuccessfully) return new CommandError(ExitCodes.NotAllowed, await lost, "on the head: seqsweep join-line");

            if (life.EndsBecause(context.Time.GetElapsedTime(start), held > 0) is { } reason)
            {
                context.Say($"leaving: {reason}");
                return null;
            }

            await Task.Delay(Beat, context.Time, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Say("leaving: running trials write a checkpoint and go on elsewhere");
        return null;
    }
}

/// <summary>When a worker leaves by itself: after a time, or with nothing to do for a while. Times are since its start.</summary>
internal sealed class WorkerLife(TimeSpan? untilIdle, TimeSpan? maxTime)
{
    private TimeSpan _idleSince;

    /// <summary>Null while it should stay, else why it leaves.</summary>
    public string? EndsBecause(TimeSpan now, bool busy)
    {
        if (busy)
        {
            _idleSince = now;
        }

        return maxTime is { } most && now >= most
            ? $"--max-time {most:c} has passed"
            : untilIdle is { } idle && now - _idleSince >= idle ? $"there was nothing to do for {idle:c}" : null;
    }
}

/// <summary>What <c>seqsweep worker</c> was told.</summary>
/// <param name="Slots">Null as <c>auto</c>.</param>
/// <param name="SlotMemory">Bytes that the process of a slot may have; null shares what there is.</param>
/// <param name="Folder">Holds a folder per worker.</param>
internal sealed record WorkerSettings(
    Uri Head, string Name, string Device, SlotsWish? Slots, bool NoMps, long? SlotMemory, IReadOnlyList<string> Tags,
    TimeSpan? UntilIdle, TimeSpan? MaxTime, TimeSpan DrainTime, TimeSpan? Grace, string? DataFolder, string? Libtorch, string Folder,
    ProgramPolicy Programs, string? ProgramFolder,
    IReadOnlyList<string> ProgramVariables, bool UsesSandbox,
    string? Listen, string? Advertise, int SiloPort, MembershipChoice Membership, bool Insecure, bool Isolate, JoinLine? Join);
