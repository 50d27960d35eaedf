using System.CommandLine;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Plots;
using SeqMnistSweep.Importance;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ImportanceCommand : Verb
{
    private readonly Argument<string?> _sweep = new("sweep") { HelpName = "[SWEEP]", Description = "its id, the beginning of it, or @last; the newest without one", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<double> _quantile = new("--quantile") { HelpName = "Q", Description = "the share of trials that are the best", DefaultValueFactory = _ => PedAnova.UsualQuantile };

    public ImportanceCommand(CommonOptions options)
        : base(
            "importance",
            "which parameters matter for being among the best",
            "Results",
            ("seqsweep importance tcn-7f3k", "shares of each parameter, by PED-ANOVA"),
            ("seqsweep importance tcn-7f3k --quantile 0.25", "for being in the best quarter"))
    {
        Add(_sweep);
        Add(_quantile);
        Add(options.Database);
        Add(options.Head);
        SetAction(async (parsed, stop) =>
        {
            var quantile = parsed.GetValue(_quantile);
            if (!(quantile > 0 && quantile < 1))
            {
                throw new CommandError(ExitCodes.Usage, $"--quantile is above 0 and below 1, not {Cell.Number(quantile)}", "0.1 is the best tenth");
            }

            using var results = await options.OpenResultsAsync(parsed, stop);
            var data = await PlotData.ReadAsync(results, await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop), stop);
            PlotCommand.Write(options, parsed, data, ImportancePlot.Of(data, quantile));
            return ExitCodes.Ok;
        });
    }
}
