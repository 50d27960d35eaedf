using System.CommandLine;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>Runs seeds, a row each; of the first that breaks a promise it tells what led to it, and ends with 1.</summary>
internal sealed class FaultCommand : RootCommand
{
    private static readonly string[] Columns =
    [
        "seed", "sweeps", "workers", "storage", "faults", "head_starts", "exchanges", "commits", "reports", "preempted", "elsewhere", "shared",
        "seconds", "holds",
    ];

    private readonly Option<long> _seed = new("--seed") { HelpName = "N", Description = "the first seed; the others follow it" };
    private readonly Option<int> _orders = new("--orders")
    {
        HelpName = "N",
        Description = "how many seeds, each an order of faults",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<PlantedFault> _planted = new("--planted") { HelpName = "FAULT", Description = "a mistake to be found" };

    public FaultCommand(CommonOptions options)
        : base("heads, workers, network and disk that fail as a seed says, in simulated time; the guarantees are checked at every step")
    {
        Add(_seed);
        Add(_orders);
        Add(_planted);
        Add(options.Output);
        Add(options.Color);
        SetAction(parsed => Run(options, parsed));
    }

    private int Run(CommonOptions options, ParseResult parsed)
    {
        var (first, planted) = (parsed.GetValue(_seed), parsed.GetValue(_planted));
        var runs = new FaultRun[parsed.GetValue(_orders) is > 0 and var count ? count : throw new CommandError(ExitCodes.Usage, "--orders is 1 or more")];
        Parallel.For(0, runs.Length, i => runs[i] = FaultRun.Of((ulong)(first + i), planted));
        var table = new TableOutput(Columns);
        foreach (var run in runs)
        {
            Add(table, run);
        }

        options.Write(parsed, table);
        if (Array.Find(runs, run => run.Broken is not null) is not { } failed)
        {
            return ExitCodes.Ok;
        }

        foreach (var line in FaultRun.Shortened(failed.Plan, planted))
        {
            options.Context.Say(line);
        }

        return ExitCodes.Bug;
    }

    private static void Add(TableOutput table, FaultRun run) => table.Add(
        Cell.Of((long)run.Plan.Seed), Cell.Of(run.Plan.Sweeps.Length), Cell.Of(run.Plan.Slots.Length), Cell.Of(run.Plan.UsesSql ? "sql" : "model"),
        Cell.Of(run.Plan.Faults.Length), Cell.Of(run.HeadStarts), Cell.Of(run.Exchanges), Cell.Of(run.Commits), Cell.Of(run.Reports),
        Cell.Of(run.Tally.Preempted), Cell.Of(run.Tally.RetriedElsewhere), Cell.Of(run.Tally.Shared), Cell.Of(Math.Round(run.Took.TotalSeconds, 3)),
        Cell.Of(run.Broken is null));
}
