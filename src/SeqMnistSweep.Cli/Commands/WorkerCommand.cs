using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Outside;
using SeqMnistSweep.Security;
using SeqMnistSweep.SweepFiles.Reading;
using SeqMnistSweep.Worker;
using SeqMnistSweep.Worker.Devices;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class WorkerCommand : Verb
{
    private readonly Option<string?> _head =
        Value<string?>("--head", "URL", "the head (or SEQSWEEP_HEAD; http://127.0.0.1:8080 without both)");
    private readonly Option<string?> _join = Value<string?>(
        "--join", "LINE", "get into the cluster of a head elsewhere: its join line, or @FILE that holds it (or SEQSWEEP_JOIN)");
    private readonly Option<string?> _name =
        Value<string?>("--name", "NAME", "unique in the cluster and kept over restarts; this machine's name when absent");
    private readonly Option<string> _device = CommonOptions.Device();
    private readonly Option<string?> _devices =
        Value<string?>("--devices", "LIST", "one worker process per device, kept alive: all, or 0,1,...");
    private readonly Option<string?> _slotMemory = Value<string?>("--slot-memory", "SIZE",
        "the most memory of a trial's process, such as 4GB; nine tenths of the machine's shared by the slots when absent");
    private readonly Option<string?> _slots = CommonOptions.Slots();
    private readonly Option<bool> _noMps = CommonOptions.NoMps();
    private readonly Option<string[]> _tags = Value<string[]>("--tag", "TAG", "sweeps may ask for workers with it; may be repeated");
    private readonly Option<string?> _untilIdle =
        Value<string?>("--until-idle", "TIME", "leave when there was nothing to do for so long: 10m");
    private readonly Option<string?> _maxTime = Value<string?>("--max-time", "TIME", "drain and leave after so long: 3h50m");
    private readonly Option<string?> _drainTime =
        Value<string?>("--drain-time", "TIME", "how long trials have to write a checkpoint when it leaves", "30s");
    private readonly Option<string?> _grace = Value<string?>("--grace", "TIME",
        "how long a trial may take to end when it is told to; when absent, 1s for one that is cancelled, 35s for a program that is pruned");
    private readonly Option<string?> _data =
        Value<string?>("--data", "DIR", "a folder with a folder per dataset, looked at first; what is missing comes from the head");
    private readonly Option<string?> _libtorch = CommonOptions.Libtorch();
    private readonly Option<string> _dir =
        Value("--dir", "DIR", "logs, and checkpoints on their way to the head", Path.Combine(".", ".seqsweep"));
    private readonly Option<string> _programs = Value("--programs", "WHICH",
        "programs of users that sweep files name: none, those below a folder DIR that only you may write, or any command of whoever may submit",
        "none");
    private readonly Option<string?> _programDir =
        Value<string?>("--program-dir", "DIR", "where programs start; when absent, the folder of --programs, else the current one");
    private readonly Option<string[]> _programEnv = Value<string[]>("--program-env", "NAME",
        "a variable of this environment that programs get beside the usual ones; may be repeated");
    private readonly Option<string> _sandbox = Value("--sandbox", "HOW",
        "bwrap lets programs write nothing but their checkpoints, and hides keys and other processes; or none", "none");
    private readonly Option<string?> _listen =
        Value<string?>("--listen", "ADDRESS", "listen here; when absent, the address on the way to the head");
    private readonly Option<string?> _advertise =
        Value<string?>("--advertise", "ADDRESS", "the address that the head uses, when it is another");
    private readonly Option<int> _silo = Value("--silo-port", "N", "0 takes a free one", 0);
    private readonly Option<string> _membership = MembershipOption.Create();
    private readonly Option<bool> _insecure = CommonOptions.Insecure();
    private readonly Option<bool> _isolate = Flag("--isolate", "run test functions in a process of their own, as trainings are");
    private readonly Option<bool> _supervised = new("--supervised") { Hidden = true };

    public WorkerCommand(CommonOptions options)
        : base("worker", "train trials for a head, on this machine", "Fleet",
            ("seqsweep worker", "for the head on this machine, on its GPU or all its cores"),
            ("seqsweep worker --join https://gpu-head:8080#ssj1...", "for a head elsewhere, by the line that it printed"),
            ("seqsweep worker --devices all", "one worker per GPU, started again when one dies"),
            ("seqsweep worker --until-idle 10m --max-time 3h50m", "in a batch job"),
            ("seqsweep worker drain gpu-2", "take no more trials there; undrain takes that back"))
    {
        this.Takes(
            _head, _join, _name, _device, _devices, _slots, _noMps, _slotMemory, _tags, _untilIdle,
            _maxTime, _drainTime, _grace, _data, _libtorch,
            _dir, _programs, _programDir, _programEnv, _sandbox, _listen, _advertise, _silo, _membership, _insecure, _isolate, _supervised);

        Add(new WorkerDrain(options));
        Add(new WorkerUndrain(options));
        Add(new WorkerRevoke(options));
        SetAction(
            (parsed, stop) => parsed.GetValue(_devices) is { } devices
                ? SuperviseAsync(options, parsed, devices, stop)
                : RunAsync(options, parsed, stop));
    }

    private async Task<int> RunAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        var context = options.Context;
        var join = JoinOption.Read(parsed.GetValue(_join), context);
        if (join is not null && parsed.GetValue(_head) is not null)
        {
            throw new CommandError(ExitCodes.Usage, "--head and --join exclude each other", "the join line names the head");
        }

        var settings = new WorkerSettings(
            Head: join?.Head ?? HeadAddress.Of(parsed.GetValue(_head), context.Variable),
            Name: parsed.GetValue(_name) ?? Environment.MachineName,
            Device: parsed.GetValue(_device)!,
            Slots: SlotsWish.Read(parsed.GetValue(_slots)),
            NoMps: parsed.GetValue(_noMps),
            SlotMemory: parsed.GetValue(_slotMemory) is not { } size ? null
                : Quantities.Size(size) ?? throw new CommandError(
                    ExitCodes.Usage, $"--slot-memory takes a size such as 4GB or 3GiB, not '{size}'"),
            Tags: parsed.GetValue(_tags) ?? [],
            UntilIdle: GivenTime.Of(parsed, _untilIdle),
            MaxTime: GivenTime.Of(parsed, _maxTime),
            DrainTime: GivenTime.Of(parsed, _drainTime)!.Value,
            Grace: GivenTime.Of(parsed, _grace),
            DataFolder: Full(context, parsed.GetValue(_data)),
            Libtorch: InstalledLibtorch.FolderOf(parsed.GetValue(_libtorch), context.Folder, context.Variable),
            Folder: Path.GetFullPath(parsed.GetValue(_dir)!, context.Folder),
            Programs: PolicyOf(parsed.GetValue(_programs)!, context.Folder),
            ProgramFolder: Full(context, parsed.GetValue(_programDir)),
            ProgramVariables: parsed.GetValue(_programEnv) ?? [],
            UsesSandbox: IsSandboxed(parsed.GetValue(_sandbox)!),
            Listen: parsed.GetValue(_listen),
            Advertise: parsed.GetValue(_advertise),
            SiloPort: parsed.GetValue(_silo),
            Membership: MembershipOption.Read(parsed, _membership, context),
            Insecure: parsed.GetValue(_insecure),
            Isolate: parsed.GetValue(_isolate),
            Join: join);
        if (!WorkerName.IsValid(settings.Name))
        {
            throw new CommandError(
                ExitCodes.Usage, $"'{settings.Name}' is no name for a worker", $"give another --name: {CredentialName.Accepted}");
        }

        if (OutsideText.NamesProblem("--tag", settings.Tags) is { } problem)
        {
            throw new CommandError(ExitCodes.Usage, problem);
        }

        using var leave = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (parsed.GetValue(_supervised))
        {
            _ = Task.Run(async () =>
            {
                await context.In.ReadToEndAsync(CancellationToken.None);
                await leave.CancelAsync();
            }, CancellationToken.None);
        }

        await new WorkerRun(settings, context).ExecuteAsync(leave.Token);
        return ExitCodes.Ok;
    }

    private static ProgramPolicy PolicyOf(string text, string folder)
    {
        try
        {
            return text switch
            {
                "none" => ProgramPolicy.None,
                "any" => ProgramPolicy.Any,
                _ => ProgramPolicy.Below(Path.GetFullPath(text, folder)),
            };
        }
        catch (ArgumentException error)
        {
            throw new CommandError(
                ExitCodes.NotAllowed, $"--programs {text}: {error.Message}",
                "give a folder that only you may write, or none, or any: then whoever may submit runs anything here");
        }
    }

    private static bool IsSandboxed(string how) => how switch
    {
        "none" => false,
        "bwrap" => Sandbox.Problem() is { } problem
            ? throw new CommandError(ExitCodes.NotAllowed, $"--sandbox bwrap: {problem}", "install it: apt install bubblewrap")
            : true,
        _ => throw new CommandError(ExitCodes.Usage, $"--sandbox takes bwrap or none, not '{how}'"),
    };

    private async Task<int> SuperviseAsync(CommonOptions options, ParseResult parsed, string list, CancellationToken stop)
    {
        if (parsed.GetResult(_device) is { Implicit: false })
        {
            throw new CommandError(
                ExitCodes.Usage, "--device and --devices exclude each other", "--devices starts one worker for each of its list");
        }

        var name = parsed.GetValue(_name) ?? Environment.MachineName;
        var workers = DeviceList.Read(list, list == "all" ? DeviceSelection.ListGpus() : [])
            .Select((device, i) => ($"{name}-{device.Replace(":", "", StringComparison.Ordinal)}", device))
            .ToList();
        var arguments = WithoutOptions([.. parsed.Tokens.Select(token => token.Value)]);
        var join = JoinOption.Read(parsed.GetValue(_join), options.Context);
        return await new WorkerSupervisor(options.Context.Say, options.Context.Time, join?.ToString()).RunAsync(
            [
                .. workers.Select(worker => (worker.Item1, (IReadOnlyList<string>)
                    [.. RunnerCommandLine.Self(), .. arguments, "--name", worker.Item1, "--device", worker.device, "--supervised"])),
            ],
            stop);
    }

    /// <summary>The arguments of this process without those that differ for every device.</summary>
    private static List<string> WithoutOptions(IReadOnlyList<string> arguments)
    {
        var kept = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--devices" or "--name" or "--join")
            {
                i++;
            }
            else
            {
                kept.Add(arguments[i]);
            }
        }

        return kept;
    }

    private static string? Full(CommandContext context, string? folder) => folder is null ? null : Path.GetFullPath(folder, context.Folder);
}
