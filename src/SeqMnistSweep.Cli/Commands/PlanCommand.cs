using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Training;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class PlanCommand : Verb
{
    private readonly Argument<string> _file = new("file") { HelpName = "FILE", Description = "a sweep file; - is stdin" };
    private readonly Option<int> _show = new("--show") { HelpName = "N", Description = "print the first N configurations" };
    private readonly Option<int?> _parallel = new("--parallel") { HelpName = "N", Description = "trials at the same time, for the estimate; one per core and thread when absent" };

    public PlanCommand(CommonOptions options)
        : base(
            "plan",
            "what a sweep file would run, and what that costs",
            "Sweeps",
            ("seqsweep plan sweep.yaml", "count, what is infeasible and why, cost"),
            ("seqsweep plan sweep.yaml --show 5", "the first five configurations too"),
            ("seqsweep plan sweep.yaml -o json", "points, feasible, seeds, trials, dropped"))
    {
        Add(_file);
        Add(_show);
        Add(_parallel);
        Add(options.Database);
        SetAction(parsed =>
        {
            var definition = SweepSource.Require(options.Context, SweepSource.Parse(options.Context, parsed.GetValue(_file)!));
            var plan = SweepPlan.Of(definition);
            var slots = parsed.GetValue(_parallel) ?? Math.Max(1, Environment.ProcessorCount / definition.Resources.Threads);
            var cost = SweepCost.Of(definition, plan, options.DatabasePath(parsed), slots, options.Context.Time);
            var first = First(definition, parsed.GetValue(_show));
            if (options.IsJson(parsed))
            {
                options.Context.Out.WriteLine(TableOutput.ToText(ToJson(plan, cost, first), parsed.GetValue(options.Output) == OutputFormat.Json));
            }
            else
            {
                Write(options.Context.Out, definition, plan, cost, first);
            }

            foreach (var reason in definition.Precisions.Select(precision => Precision.WhyNot(precision, onCuda: false)).OfType<string>())
            {
                options.Context.Say($"warning: on this machine's CPU trials would fail: {reason}");
            }

            return ExitCodes.Ok;
        });
    }

    private static List<ParameterSet> First(SweepDefinition definition, int count)
    {
        var sampler = SamplerCatalog.Create(definition);
        var points = new List<ParameterSet>();
        for (var cursor = 0L; points.Count < Math.Min(count, definition.RunCap ?? int.MaxValue) && sampler.Propose(cursor) is { } proposal; cursor = proposal.NextCursor)
        {
            points.Add(proposal.Parameters);
        }

        return points;
    }

    private static void Write(TextWriter output, SweepDefinition definition, SweepPlan plan, SweepCost? cost, List<ParameterSet> first)
    {
        output.WriteLine($"Plan  {definition.Name}  {definition.Method}{(definition.EarlyTerminate is { } pruner ? $", {pruner.Type} stops early" : "")}");
        foreach (var dropped in plan.Dropped)
        {
            output.WriteLine($"  drops {dropped.Count} of {plan.Points}: {dropped.Rule}");
            output.WriteLine($"    e.g. {dropped.Example}: {dropped.Message}");
            if (dropped.NearestFeasible is { } near)
            {
                output.WriteLine($"    nearest feasible: {near}");
            }
        }

        if (plan.FeasibleShare < 1 && plan.Dropped.IsEmpty)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  about {plan.FeasibleShare * 100:0.##} % of the space is feasible; other draws are made again"));
        }

        foreach (var point in first)
        {
            output.WriteLine($"  {point}");
        }

        if (cost is not null)
        {
            output.WriteLine($"  Work  {cost.Work}");
            output.WriteLine($"  Time  {cost.Time}");
        }

        output.WriteLine(plan.ToString());
    }

    private static JsonObject ToJson(SweepPlan plan, SweepCost? cost, List<ParameterSet> first)
    {
        var json = new JsonObject
        {
            ["points"] = plan.Points,
            ["feasible"] = plan.Feasible,
            ["seeds"] = plan.Seeds,
            ["trials"] = plan.Trials,
            ["feasible_share"] = plan.FeasibleShare,
            ["dropped"] = new JsonArray(
            [
                .. plan.Dropped.Select(dropped => new JsonObject
                {
                    ["rule"] = dropped.Rule,
                    ["count"] = dropped.Count,
                    ["example"] = dropped.Example,
                    ["message"] = dropped.Message,
                    ["nearest_feasible"] = dropped.NearestFeasible,
                }),
            ]),
            ["images"] = cost?.Images,
            ["flop"] = cost?.Flop,
            ["seconds"] = cost?.Seconds,
        };
        if (first.Count > 0)
        {
            json["first"] = new JsonArray([.. first.Select(point => JsonNode.Parse(point.ToJson()))]);
        }

        return json;
    }
}
