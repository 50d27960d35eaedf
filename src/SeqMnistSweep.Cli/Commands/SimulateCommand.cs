using System.IO.Compression;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Simulation;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class SimulateCommand : Verb
{
    private readonly Argument<string> _file =
        Positional<string>("file", "FILE", "a sweep file: its early_terminate, metric, run_cap and limits count, its space does not");
    private readonly Option<string> _curves = new("--curves")
    {
        HelpName = "CSV",
        Required = true,
        Description = "recorded curves with the columns trial, epoch, metric, seconds; may be gzipped",
    };
    private readonly Option<int> _workers = Value("--workers", "N", "workers with one slot each", 1);
    private readonly Option<int> _orders = Value("--orders", "N", "how many orders of the recorded trials to try, each a line", 1);
    private readonly Option<int> _first = Value<int>("--seed", "N", "the first order's seed; the others follow it");
    private readonly Option<long?> _budget = Value<long?>("--budget", "EPOCHS", "stop after so many epochs in all");

    public SimulateCommand(CommonOptions options)
        : base("simulate", "what a sweep file's schedule would make of recorded curves", "Sweeps",
            ("seqsweep simulate sweep.yaml --curves curves.csv --workers 8", "run on them, in simulated time"),
            ("seqsweep simulate sweep.yaml --curves curves.csv --orders 30 --budget 200", "is it worth it, whatever comes first?"))
    {
        this.Takes(_file, _curves, _workers, _orders, _first, _budget);
        SetAction(parsed =>
        {
            var definition = SweepSource.Require(options.Context, SweepSource.Parse(options.Context, parsed.GetValue(_file)!));
            if (SamplerCatalog.Find(definition.Method)!.Pruner is not null)
            {
                throw new CommandError(
                    ExitCodes.Usage,
                    $"'{definition.Method}' cannot be simulated: no recorded curve says what a changed copy would have reached",
                    "early_terminate: {type: asha, mode: promotion} can");
            }

            var curves = Read(options.Context, parsed.GetValue(_curves)!);
            var (workers, orders) = (Positive(parsed, _workers), Positive(parsed, _orders));
            var table = new TableOutput(
                ["seed", "workers", "trials", "completed", "pruned", "epochs", "share", "best", "regret", "recorded", "seconds"]);
            var regrets = new List<double>();
            SimulationResult? first = null;
            for (var order = parsed.GetValue(_first); order < parsed.GetValue(_first) + orders; order++)
            {
                var result = new SweepSimulation(definition, curves, workers, order, parsed.GetValue(_budget)).Run();
                first ??= result;
                var outcome = SimulationOutcome.Of(result, curves, definition.Metric);
                regrets.Add(outcome.Regret ?? double.NaN);
                table.Add(
                    order, workers, outcome.Trials, outcome.Completed, outcome.Pruned, outcome.Epochs, Math.Round(outcome.Share, 4),
                    Cell.Metric(definition.Metric.Name, outcome.Best), Cell.Metric(definition.Metric.Name, outcome.Regret),
                    outcome.Recorded, Math.Round(outcome.Took.TotalSeconds, 3));
            }

            options.Write(parsed, table);
            foreach (var rung in SimulatedRungs.Of(definition, first!, curves))
            {
                options.Context.Say($"{(orders > 1 ? "first order, " : "")}{rung}");
            }

            if (orders > 1)
            {
                regrets.Sort();
                options.Context.Say(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"regret over {orders} orders: median {regrets[orders / 2]:0.#####}, worst {regrets[^1]:0.#####}"));
            }
        });
    }

    private static ImmutableArray<RecordedCurve> Read(CommandContext context, string file)
    {
        try
        {
            using var bytes = File.OpenRead(Path.Combine(context.Folder, file));
            using var text = new StreamReader(
                file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes);
            return RecordedCurve.ReadAll(text);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandError(
                ExitCodes.NotFound, $"there is no file {file}",
                "seqsweep query \"select trial, epoch, val_accuracy as metric, epoch_seconds as seconds from reports\" -o csv writes one");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandError(ExitCodes.NotFound, $"{file} cannot be read: {error.Message}");
        }
        catch (FormatException error)
        {
            throw new CommandError(
                ExitCodes.Usage, $"{file}, {error.Message}", "it needs the columns trial, epoch, metric and seconds, one row per epoch");
        }
    }

    private static int Positive(ParseResult parsed, Option<int> option) => parsed.GetValue(option) is > 0 and var value
        ? value
        : throw new CommandError(ExitCodes.Usage, $"{option.Name} takes a number of 1 or more");
}
