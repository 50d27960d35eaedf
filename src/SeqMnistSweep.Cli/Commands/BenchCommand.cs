using System.CommandLine;
using System.Globalization;
using SeqMnistSweep.Cli.Benchmarks;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Training.Native;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class BenchCommand : Verb
{
    private readonly Option<int> _steps = new("--steps") { HelpName = "N", Description = "timed steps of each", DefaultValueFactory = _ => 9 };
    private readonly Option<int> _threads = new("--threads") { HelpName = "N", Description = "CPU threads of each", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _libtorch = new("--libtorch") { HelpName = "DIR", Description = "use this libtorch (or SEQSWEEP_LIBTORCH)" };

    public BenchCommand(CommonOptions options)
        : base(
            "bench",
            "measure with real parts at product defaults",
            "Setup",
            ("seqsweep bench train", "a training step: ours against the notebook's in PyTorch"),
            ("seqsweep bench train -o json", "figures, bars and whether they hold"))
    {
        var train = new Command("train", "one training step of the notebook's network: decimated, dense, and PyTorch, in turns") { _steps, _threads, _libtorch };
        train.SetAction(parsed =>
        {
            if (parsed.GetValue(_steps) < 1 || parsed.GetValue(_threads) < 1)
            {
                throw new CommandError(ExitCodes.Usage, "--steps and --threads are 1 or more");
            }

            TorchLibrary.Load(parsed.GetValue(_libtorch));
            var report = new BenchReport(MachineText.Describe(), VersionCommand.Commit ?? "unknown", TrainBench.Run(parsed.GetValue(_steps), parsed.GetValue(_threads), options.Context.Say));
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
        });
        Add(train);
    }

    private static TableOutput Table(BenchReport report)
    {
        var table = new TableOutput(["name", "value", "unit", "bar", "holds"]);
        foreach (var result in report.Results)
        {
            var value = result.Value is { } number ? new Cell(number, number.ToString("0.####", CultureInfo.InvariantCulture)) : Cell.Of(null);
            table.Add(Cell.Of(result.Name), value, Cell.Of(result.Unit), Cell.Of(result.Bar), Cell.Of(result.Holds is { } holds ? holds ? "yes" : "no" : "not measurable here"));
        }

        return table;
    }
}
