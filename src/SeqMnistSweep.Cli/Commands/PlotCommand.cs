using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Cli.Plots;
using SeqMnistSweep.Importance;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class PlotCommand : Verb
{
    private readonly CommonOptions _options;

    public PlotCommand(CommonOptions options)
        : base("plot", "a sweep drawn in the terminal; its numbers in a pipe", "Results",
            ("seqsweep plot history", "the newest sweep's values, and the best so far"),
            ("seqsweep plot slice tcn-7f3k lr levels", "values over these parameters"),
            ("seqsweep plot contour tcn-7f3k lr dropout", "the metric over two numeric parameters"),
            ("seqsweep plot importance tcn-7f3k", "which parameters matter for being among the best, and how sure that is"),
            ("seqsweep plot curves tcn-7f3k -o csv > curves.csv", "what is drawn, as numbers"))
    {
        _options = options;
        var names = new Argument<string[]>("parameters")
        {
            HelpName = "[PARAMETER...]",
            Description = "these only; all that vary without one",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var quantile = new Option<double>("--quantile")
        {
            HelpName = "Q",
            Description = "the share of trials that are the best",
            DefaultValueFactory = _ => ImportanceEstimate.UsualQuantile,
        };
        var metrics = new Argument<string[]>("metrics")
        {
            HelpName = "[METRIC METRIC]",
            Description = "two of the sweep's metrics; the first two without",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Kind("history", "every trial's value, and the best so far", (data, _) => HistoryPlot.Of(data));
        Kind("slice", "values over each parameter", (data, parsed) => SlicePlot.Of(data, parsed.GetValue(names)!), names);
        Kind(
            "contour", "the metric over two numeric parameters",
            (data, results, parsed, stop) => ContourPlot.OfAsync(data, parsed.GetValue(names)!, results, stop), names);
        Kind(
            "parallel",
            "configurations as lines across their parameters",
            (data, parsed) => ParallelPlot.Of(data, parsed.GetValue(names)!),
            names);
        Kind(
            "importance",
            "how much each parameter has to do with being among the best, by PED-ANOVA",
            async (data, results, parsed, stop) => ImportancePlot.Of(data, await results.ImportanceAsync(
                data.Sweep, data.RequireSpace(), Quantile(parsed.GetValue(quantile)), stop)),
            quantile);
        Kind(
            "curves", "the metric after every epoch",
            async (data, results, _, stop) => CurvesPlot.Of(data, await data.CurvesAsync(results, stop)));
        Kind("edf", "which share of the configurations has at most each value", (data, _) => EdfPlot.Of(data));
        Kind(
            "pareto", "two metrics of every configuration, and those that no other beats",
            async (data, results, parsed, stop) =>
            {
                var goals = data.Sweep.ReadDefinition()?.Metrics ?? [];
                var measured = await ParetoFront.MeasuredAsync(results, data.Sweep, goals, stop);
                return ParetoPlot.Of(data, goals, measured, parsed.GetValue(metrics)!);
            },
            metrics);
        Kind(
            "timeline", "which worker ran what, and when",
            async (data, results, _, stop) => TimelinePlot.Of(
                data.Sweep.Sweep, await PlotData.AttemptsAsync(results, data.Sweep, stop), options.Context.Time.GetUtcNow()));
    }

    private void Kind(string name, string what, Func<PlotData, ParseResult, Plot> make, params Symbol[] parts) =>
        Kind(name, what, (data, _, parsed, _) => Task.FromResult(make(data.RequireValues(), parsed)), parts);

    private void Kind(
        string name, string what, Func<PlotData, ResultSource, ParseResult, CancellationToken, Task<Plot>> make, params Symbol[] parts)
    {
        var sweep = Reference.SweepOrNewest();
        var kind = new Command(name, what);
        kind.Takes([sweep, .. parts, _options.Database, _options.Head]);
        kind.SetAction(async (parsed, stop) =>
        {
            using var results = await _options.OpenResultsAsync(parsed, stop);
            var data = await PlotData.ReadAsync(results, await SweepReference.ResolveAsync(results, parsed.GetValue(sweep), stop), stop);
            Write(parsed, await make(data, results, parsed, stop));
        });
        Add(kind);
    }

    private static double Quantile(double quantile) => quantile is > 0 and < 1
        ? quantile
        : throw new CommandError(
            ExitCodes.Usage, $"--quantile is above 0 and below 1, not {Cell.Number(quantile)}", "0.1 is the best tenth");

    /// <summary>Drawn for a person at a terminal, else as data.</summary>
    private void Write(ParseResult parsed, Plot plot)
    {
        var profile = _options.OutProfile(parsed);
        if (parsed.GetValue(_options.Output) == OutputFormat.Table && profile.IsTerminal)
        {
            plot.Draw(_options.Context.Out, profile);
        }
        else
        {
            _options.Write(parsed, plot.Table);
        }
    }
}
