using System.CommandLine;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Plots;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class PlotCommand : Verb
{
    public PlotCommand(CommonOptions options)
        : base(
            "plot",
            "a sweep drawn in the terminal; its numbers in a pipe",
            "Results",
            ("seqsweep plot history", "the newest sweep's values, and the best so far"),
            ("seqsweep plot slice tcn-7f3k lr levels", "values over these parameters"),
            ("seqsweep plot curves tcn-7f3k -o csv > curves.csv", "what is drawn, as numbers"))
    {
        foreach (var (name, what, make) in Plot.Kinds)
        {
            var sweep = new Argument<string?>("sweep") { HelpName = "[SWEEP]", Description = "its id, the beginning of it, or @last; the newest without one", Arity = ArgumentArity.ZeroOrOne };
            var parameters = new Argument<string[]>("parameters") { HelpName = "[PARAMETER...]", Description = "these only; all that vary without one", Arity = ArgumentArity.ZeroOrMore };
            var kind = new Command(name, what) { sweep };
            if (name is "slice" or "parallel")
            {
                kind.Add(parameters);
            }

            kind.Add(options.Database);
            kind.Add(options.Head);
            kind.SetAction(async (parsed, stop) =>
            {
                using var results = await options.OpenResultsAsync(parsed, stop);
                var data = await PlotData.ReadAsync(results, await SweepReference.ResolveAsync(results, parsed.GetValue(sweep), stop), stop);
                Write(options, parsed, data, await make(data, results, name is "slice" or "parallel" ? parsed.GetValue(parameters)! : [], stop));
                return ExitCodes.Ok;
            });
            Add(kind);
        }
    }

    /// <summary>Drawn for a person at a terminal, else as data.</summary>
    /// <exception cref="CommandError">No trial has a value yet.</exception>
    public static void Write(CommonOptions options, ParseResult parsed, PlotData data, Plot plot)
    {
        var profile = options.OutProfile(parsed);
        if (data.Trials.Count == 0)
        {
            throw new CommandError(ExitCodes.NotFinished, $"no trial of {data.Sweep.Sweep} has a value yet");
        }

        if (parsed.GetValue(options.Output) == OutputFormat.Table && profile.IsTerminal)
        {
            plot.Draw(options.Context.Out, profile);
        }
        else
        {
            options.Write(parsed, plot.Table);
        }
    }
}
