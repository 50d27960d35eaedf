using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training;
using SeqMnistSweep.Worker;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting.Runs;

/// <summary>One sweep, here and now: a local cluster on the database that runs the file until it ends or is interrupted.</summary>
internal sealed class SweepRun(RunOptions options, CommandContext context)
{
    private readonly Action<string> _talk = context.Say;
    private readonly TimeProvider _time = context.Time;
    private SweepId? _sweep;

    /// <param name="interrupted">Drain and stop; the sweep stays unfinished.</param>
    /// <returns>The sweep as it was left.</returns>
    public async Task<SweepStatus> ExecuteAsync(string source, SweepDefinition definition, ISweepView view, CancellationToken interrupted)
    {
        if (Finished(definition) is { } finished) return finished;

        var builtIn = TrainableCatalog.Find(definition.Program);
        var choice = new DeviceChoice(options.Device, options.Libtorch, builtIn is null, definition.Resources.Gpus ?? 1)
        {
            IsUsed = builtIn is not { NeedsLibtorch: false },
        };
        using var held = await choice.HoldAsync(options.Folder, context.Variable, _talk, interrupted);
        var device = held.Device;
        RequireGpus(definition, Usual(definition, device, SharedDevice.Alone with { Slots = options.Parallel?.Count ?? 1 }));
        if (definition.Precisions.Select(precision => Precision.WhyNot(precision, device.Gpu is not null))
            .FirstOrDefault(reason => reason is not null) is { } impossible)
        {
            throw new CommandError(ExitCodes.NotAllowed, impossible);
        }

        var digests = await SweepData.PrepareAsync(definition.Datasets, options.DataFolder, _talk, interrupted);
        using var store = await HeadStore.OpenAsync(options.Database, _time);
        ProjectFolder.KeepOutOfGit(options.Folder);
        if (store.Backup is { } backup)
        {
            _talk($"the database was brought up to date; the old one is kept as {backup}");
            if (Finished(definition) is { } known) return known;
        }

        var target = RunTarget.Find(store.Reader, options, definition, _talk);
        var measures = builtIn is { NeedsLibtorch: true };
        await using var shared = await SharedDevice.OfAsync(
            held, WishOf(definition, device, measures), one => Usual(definition, device, one),
            Math.Max(1, Environment.ProcessorCount / definition.Resources.Threads), measures, options.NoMps, options.Folder, context,
            interrupted);
        var worker = Worker(definition, device, shared);

        var (head, log) = (HeadOptionsOf(digests), FileLog.OfRun(options.Folder, _time));
        await using var cluster = await LocalCluster.StartAsync(store, head, worker, log, _time);
        await using var page = await RunPage.TryShowAsync(cluster, store, head, options.HttpPort, log, context, view.Say);
        try
        {
            return await SubmitAndWatchAsync(cluster, store, new SubmitRequest(
                source, options.File, options.New, digests, HeadSession.By, Priors: options.Priors, Meant: target?.Sweep),
                target, worker, view, interrupted);
        }
        finally
        {
            await cluster.StopAsync();
        }
    }

    /// <summary>Where there is nothing to do nothing is started.</summary>
    private SweepStatus? Finished(SweepDefinition definition)
    {
        var finished = FinishedRun.Find(options, definition);
        finished?.Say(context, options.Database);
        return finished?.Status;
    }

    /// <summary>Other sweeps in this database wait for their own run: nobody asked for them here, and their data and threads may be
    /// others.</summary>
    private HeadOptions HeadOptionsOf(ImmutableSortedDictionary<string, string> digests) => new()
    {
        CheckpointFolder = Path.Combine(options.Folder, "checkpoints"),
        TakesUpUnfinished = false,
        FindDatasets = (_, _) => Task.FromResult(digests),
        Samples = new HeadData(options.DataFolder).Samples,
        QueryCommand = RunnerCommandLine.Query(),
        OwnAccountOnly = true,
        OnlySweep = () => _sweep,
    };

    private async Task<SweepStatus> SubmitAndWatchAsync(
        LocalCluster cluster, HeadStore store, SubmitRequest request, RunTarget? target, WorkerOptions worker, ISweepView view,
        CancellationToken interrupted)
    {
        var reply = await cluster.Grains.GetGrain<IHeadGrain>(0).Submit(request);
        _sweep = reply.Sweep;
        var sweep = cluster.Grains.GetGrain<ISweepGrain>(reply.Sweep.Value);
        var known = reply.Continued ? (await sweep.GetStatus(long.MaxValue, CancellationToken.None)).LastEvent : 0;
        if (target is { Extends: true })
        {
            var edit = new EditRequest(new SweepAction(request.By, $"run with another file: {options.File}")) { Source = request.Source };
            var extended = await sweep.Edit(edit);
            _talk($"{reply.Sweep} is extended{(extended.Planned is { } planned ? $" to {planned} trials" : "")}");
        }

        var status = await sweep.GetStatus(long.MaxValue, CancellationToken.None);
        var failed = reply.Continued ? status.Counts.GetValueOrDefault(TrialState.Failed) : 0;
        if (options.Retry && failed > 0)
        {
            await sweep.Retry(new RetryRequest(new SweepAction(request.By, "run with --retry")));
            _talk($"{Plural.Of(failed, "failed trial")} to be tried again");
        }

        _talk(
            $"{reply.Sweep}{(reply.Continued ? " goes on" : "")}: {Plural.Of(worker.Slots, "trial")} at a time on {worker.Device}, database "
                + $"{options.Database}");
        if (reply.Prior is { } prior)
        {
            _talk($"prior: {prior}");
        }

        return await new SweepWatch(sweep, _time, () => store.Trouble).UntilEndAsync(view, known, interrupted);
    }

    /// <summary>Nobody else would come to run its trials.</summary>
    private static void RequireGpus(SweepDefinition definition, WorkerOptions worker)
    {
        if (worker.UnevenSlots is { } uneven) throw new CommandError(ExitCodes.Usage, uneven, "give another --slots");

        if (definition.Resources.Gpus > worker.GpusPerSlot)
        {
            throw new CommandError(
                ExitCodes.NotAllowed,
                $"a trial of this sweep needs {Plural.Of(definition.Resources.Gpus ?? 0, "GPU")}, and a slot here has {worker.GpusPerSlot}",
                "--device cuda:0,1,... gives a slot several; or submit it to a head with such workers");
        }
    }

    /// <summary>As many slots as the file lets trials run are measured at most.</summary>
    private SlotsWish? WishOf(SweepDefinition definition, DeviceSelection device, bool measures) =>
        options.Parallel?.Count is not null || !measures || device.Gpu is null || definition.Limits.MaxParallel is not { } limit
            ? options.Parallel
            : limit == 1 ? new SlotsWish(1) : new SlotsWish(null, Math.Min(limit, options.Parallel?.Most ?? SlotsWish.Usual));

    private WorkerOptions Worker(SweepDefinition definition, DeviceSelection device, SharedDevice shared)
    {
        var worker = Usual(definition, device, shared);

        // The sweep may have ended, and the last program that was pruned has its time all the same.
        var grace = definition.Limits.Grace ?? worker.PruneGrace;
        return worker with { DrainTime = grace > worker.DrainTime ? grace : worker.DrainTime };
    }

    private WorkerOptions Usual(SweepDefinition definition, DeviceSelection device, SharedDevice shared) => new()
    {
        Name = Environment.MachineName,
        Slots = shared.Slots,
        Mps = shared.Mps?.Share,
        Device = device.Name,
        GpuIds = [.. device.Gpus.Select(gpu => gpu.Uuid)],
        DeviceFacts = shared.FactsOf(device),
        CheckpointFolder = Path.Combine(options.Folder, "checkpoints"),
        LogFolder = Path.Combine(options.Folder, "logs"),
        DataFolder = options.DataFolder is { } data ? Path.GetFullPath(data) : null,
        RunnerCommand = RunnerCommandLine.For(options.Libtorch),
        KeeperCommand = RunnerCommandLine.Keeper(),
        // Who runs a file here and now means what it says.
        Programs = ProgramPolicy.Any,
        ProgramEnvironment = ProgramEnvironment.Whole,
    };
}

/// <summary>What <c>seqsweep run</c> was told.</summary>
/// <param name="Database">Checkpoints and logs lie beside it.</param>
/// <param name="Device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="Parallel">Trials at the same time; null as <c>auto</c>: on a CPU one per core and <c>resources.threads</c>.</param>
/// <param name="New">Start another sweep even if one with this content is there.</param>
/// <param name="Extend">Go on with the sweep of this name though its file was another.</param>
/// <param name="Retry">Run its failed trials again.</param>
/// <param name="Meant">The sweep, where it was named and not its file.</param>
/// <param name="Priors">Ids of the sweeps whose results the search begins with.</param>
/// <param name="NoMps">Start no NVIDIA MPS.</param>
/// <param name="HttpPort">Of the dashboard; 0 takes a free one.</param>
internal sealed record RunOptions(
    string File, string Database, string? DataFolder, string? Libtorch, string Device, SlotsWish? Parallel, bool New,
    ImmutableArray<string> Priors, bool Extend = false, bool Retry = false, SweepId? Meant = null, int HttpPort = 0,
    bool NoMps = false)
{
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(Database))!;
}
