using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Plots;

/// <summary>One kind of plot.</summary>
/// <param name="Table">What is drawn, as numbers: all that a pipe, -o json or -o csv gets.</param>
/// <param name="Draw">Draws it on a terminal.</param>
internal sealed record Plot(TableOutput Table, Action<TextWriter, ConsoleProfile> Draw)
{
    public const int Height = 15;

    /// <summary>The kinds by name, each with what it shows.</summary>
    public static IReadOnlyList<(string Name, string What, Func<PlotData, IResults, IReadOnlyList<string>, CancellationToken, Task<Plot>> Make)> Kinds { get; } =
    [
        ("history", "every trial's value, and the best so far", (data, _, _, _) => Task.FromResult(HistoryPlot.Of(data))),
        ("slice", "values over each parameter", (data, _, names, _) => Task.FromResult(SlicePlot.Of(data, names))),
        ("importance", "how much each parameter has to do with being among the best", (data, _, _, _) => Task.FromResult(ImportancePlot.Of(data, SeqMnistSweep.Importance.PedAnova.UsualQuantile))),
        ("parallel", "configurations as lines across their parameters", (data, _, names, _) => Task.FromResult(ParallelPlot.Of(data, names))),
        ("curves", "the metric after every epoch", async (data, results, _, stop) => CurvesPlot.Of(data, await data.CurvesAsync(results, stop))),
    ];
}
