using System.CommandLine;
using System.Globalization;
using SeqMnistSweep.Benchmarks.Chaos;
using SeqMnistSweep.Benchmarks.Training;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Training.Native;

namespace SeqMnistSweep.Benchmarks;

/// <summary>The benches by name, each with its amounts; ends with 0 when every bar holds, 1 when one does not, 8 when one could not be measured.</summary>
internal sealed class BenchCommand : RootCommand
{
    private readonly Option<int> _steps = new("--steps") { HelpName = "N", Description = "timed steps of each", DefaultValueFactory = _ => 9 };
    private readonly Option<int> _threads = new("--threads") { HelpName = "N", Description = "CPU threads of each", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _trials = new("--trials") { HelpName = "N", Description = "trials of the first sweep", DefaultValueFactory = _ => 100_000 };
    private readonly Option<int> _seconds = new("--seconds") { HelpName = "N", Description = "length of the sweep of 1,000 trials at once", DefaultValueFactory = _ => 60 };
    private readonly Option<int> _manyTrials = new("--many-trials") { HelpName = "N", Description = "trials of the large sweep, with 20 reports each", DefaultValueFactory = _ => 100_000 };
    private readonly Option<int> _largeTrials = new("--trials") { HelpName = "N", Description = "trials of the sweep", DefaultValueFactory = _ => 1_000_000 };
    private readonly Option<string?> _soakTime = new("--time") { HelpName = "TIME", Description = "how long", DefaultValueFactory = _ => "30m" };
    private readonly Option<bool> _hold = new("--hold") { Description = "leave the head up afterwards, for a browser" };
    private readonly Option<int> _seeds = new("--seeds") { HelpName = "N", Description = "searches of each kind", DefaultValueFactory = _ => 30 };
    private readonly Option<int> _populations = new("--populations") { HelpName = "N", Description = "populations, each trained twice", DefaultValueFactory = _ => 8 };
    private readonly Option<bool> _profile = new("--profile") { Description = "where the time goes instead: parts of a step, loading, evaluation, checkpoint; memory of a slot" };
    private readonly Option<bool> _epoch = new("--epoch") { Description = "an epoch of 60,000 images in each of two slots instead, and what of it is not training; two minutes" };
    private readonly Option<int?> _soak = new("--soak") { HelpName = "MINUTES", Description = "short trials in one warm process instead: growth of memory and tensors" };
    private readonly Option<string?> _time = new("--time") { HelpName = "TIME", Description = "how long faults are begun", DefaultValueFactory = _ => "30m" };
    private readonly Option<long> _seed = new("--seed") { HelpName = "N", Description = "decides which faults hit whom, and when", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _workers = new("--workers") { HelpName = "N", Description = "workers, of one slot each", DefaultValueFactory = _ => 4 };
    private readonly Option<string> _device = new("--device") { HelpName = "DEVICE", Description = "cpu, or cuda or cuda:N: a step of the passes for GPUs instead, with every precision", DefaultValueFactory = _ => "cpu" };
    private readonly Option<string?> _libtorch = new("--libtorch") { HelpName = "DIR", Description = "use this libtorch (or SEQSWEEP_LIBTORCH)" };

    public BenchCommand(CommonOptions options)
        : base("measures with real parts at product defaults")
    {
        Add(options.Output);
        Add(options.Color);
        var train = new Command("train", "one training step of the notebook's network: ours with every width of vectors, dense, and PyTorch, in turns") { _steps, _threads, _profile, _epoch, _soak, _device, _libtorch };
        train.SetAction(parsed =>
        {
            var (steps, threads) = (parsed.GetValue(_steps), parsed.GetValue(_threads));
            Action<string> say = options.Context.Say;
            if (steps < 1 || threads < 1 || parsed.GetValue(_soak) < 1)
            {
                throw new CommandError(ExitCodes.Usage, "--steps, --threads and --soak are 1 or more");
            }

            if (parsed.GetValue(_libtorch) is { } libtorch)
            {
                TorchLibrary.Load(libtorch);
            }

            var device = GpuOf(parsed.GetValue(_device)!);
            if (device is not null && (parsed.GetValue(_soak) is not null || parsed.GetValue(_epoch) || parsed.GetValue(_profile)))
            {
                throw new CommandError(ExitCodes.Usage, "--soak, --epoch and --profile measure the CPU: leave --device out");
            }

            return Write(
                options,
                parsed,
                device is not null ? TrainBench.OnGpu(device, steps, say)
                    : parsed.GetValue(_soak) is { } minutes ? TrainBench.Soak(minutes, say)
                    : parsed.GetValue(_epoch) ? TrainBench.Epoch(say)
                    : parsed.GetValue(_profile) ? TrainBench.Profile(steps, say)
                    : TrainBench.Run(steps, threads, say));
        });
        Add(train);

        var dispatch = new Command("dispatch", "what orchestration costs: head, workers and clients as processes, trials of nothing; three minutes") { _trials, _seconds };
        dispatch.SetAction(parsed =>
        {
            if (parsed.GetValue(_trials) < 1 || parsed.GetValue(_seconds) < 1)
            {
                throw new CommandError(ExitCodes.Usage, "--trials and --seconds are 1 or more");
            }

            var amount = new DispatchBenchOptions { Trials = parsed.GetValue(_trials), Seconds = parsed.GetValue(_seconds) };
            return Write(options, parsed, new DispatchBench(amount, options.Context.Say).Run());
        });
        Add(dispatch);

        var search = new Command("search", "how well the samplers search functions with known minima, and how fast; five minutes") { _seeds };
        search.SetAction(parsed => parsed.GetValue(_seeds) < 1
            ? throw new CommandError(ExitCodes.Usage, "--seeds is 1 or more")
            : Write(options, parsed, new SearchBench(parsed.GetValue(_seeds), options.Context.Say).Run()));
        Add(search);

        var recovery = new Command("recovery", "how long trials stand still when a worker dies or freezes, or the head restarts; three minutes");
        recovery.SetAction(parsed => Write(options, parsed, new RecoveryBench(new RecoveryBenchOptions(), options.Context.Time, options.Context.Say).Run()));
        Add(recovery);
        var population = new Command("population", "what population based training gains over random search, on real training; ten minutes") { _populations };
        population.SetAction(parsed => parsed.GetValue(_populations) < 1
            ? throw new CommandError(ExitCodes.Usage, "--populations is 1 or more")
            : Write(options, parsed, new PopulationBench(parsed.GetValue(_populations), options.Context.Say).Run()));
        Add(population);
        Add(Chaos(options));
        Add(Dashboard(options));
        Add(Scale(options));
        Add(Soak(options));
    }

    /// <summary><c>cuda:N</c>; null for the CPU.</summary>
    internal static string? GpuOf(string asked)
    {
        if (asked == "cpu") return null;

        var number = TrainBench.GpuNumber(asked) ?? throw new CommandError(ExitCodes.Usage, $"--device takes cpu, cuda or cuda:N, not '{asked}'");
        return TorchBench.Problem(number) is { } problem
            ? throw new CommandError(ExitCodes.Usage, $"there is no {asked} to measure on: {problem}")
            : string.Create(CultureInfo.InvariantCulture, $"cuda:{number}");
    }

    private Command Soak(CommonOptions options)
    {
        var soak = new Command("soak", "short real trials on a head and two workers: growth of memory, open files and database") { _soakTime };
        soak.SetAction(async (parsed, stop) => Write(options, parsed, await new SoakBench(GivenTime.Of(parsed, _soakTime)!.Value, options.Context.Time, options.Context.Say, stop).RunAsync()));
        return soak;
    }

    private Command Scale(CommonOptions options)
    {
        var scale = new Command("scale", "one sweep of a million trials of nothing: submission, memory, exchanges, leaderboard, restart; six minutes") { _largeTrials };
        scale.SetAction(async (parsed, stop) => parsed.GetValue(_largeTrials) < 1000
            ? throw new CommandError(ExitCodes.Usage, "--trials is 1000 or more")
            : Write(options, parsed, await new ScaleBench(parsed.GetValue(_largeTrials), options.Context.Say, stop).RunAsync()));
        return scale;
    }

    private Command Chaos(CommonOptions options)
    {
        var chaos = new Command("chaos", "kills, freezes, cut links, drains and restarts of a head and workers that train: what they cost, and that nothing is lost") { _time, _seed, _workers };
        chaos.SetAction((parsed, stop) =>
        {
            if (parsed.GetValue(_workers) is < 2 or > 100)
            {
                throw new CommandError(ExitCodes.Usage, "--workers is 2 to 100");
            }

            var amount = new ChaosBenchOptions(GivenTime.Of(parsed, _time)!.Value, parsed.GetValue(_seed), parsed.GetValue(_workers));
            return Task.Run(() => Write(options, parsed, new ChaosBench(amount, options.Context.Time, options.Context.Say, stop).Run()), stop);
        });
        return chaos;
    }

    private Command Dashboard(CommonOptions options)
    {
        var dashboard = new Command("dashboard", "a head with 100,000 trials and 2,000,000 reports: pages of its API, and what open pages cost it; three minutes") { _manyTrials, _hold };
        dashboard.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(_manyTrials) < 1000)
            {
                throw new CommandError(ExitCodes.Usage, "--many-trials is 1000 or more");
            }

            var amount = new DashboardBenchOptions(parsed.GetValue(_manyTrials), Hold: parsed.GetValue(_hold));
            return await new DashboardBench(amount, options.Context.Say, stop).RunAsync(results => Write(options, parsed, results));
        });
        return dashboard;
    }

    private static int Write(CommonOptions options, ParseResult parsed, IReadOnlyList<BenchResult> results)
    {
        var report = new BenchReport(MachineText.Describe(), ProgramVersion.Commit ?? "unknown", results);
        if (options.IsJson(parsed))
        {
            options.Context.Out.WriteLine(report.ToJson());
        }
        else
        {
            options.Write(parsed, Table(report));
            options.Context.Say(report.Machine);
        }

        return report.ExitCode;
    }

    private static TableOutput Table(BenchReport report)
    {
        var table = new TableOutput(["name", "value", "unit", "bar", "holds"]);
        foreach (var result in report.Results)
        {
            var value = result.Value is { } number ? new Cell(number, Digits(number) + (result.Interval is [var low, var high] ? $" ({Digits(low)} to {Digits(high)})" : "")) : Cell.Of(null);
            table.Add(Cell.Of(result.Name), value, Cell.Of(result.Unit), Cell.Of(result.Bar), Cell.Of(result.Holds is { } holds ? holds ? "yes" : "no" : "not measurable here"));
        }

        return table;
    }

    private static string Digits(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
