using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Simulation;
using SeqMnistSweep.Training;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class PlanCommand : Verb
{
    /// <summary>More than this say nothing that the first do not.</summary>
    private const int MostRungs = 10;

    private readonly Argument<string> _file = Positional<string>("file", "FILE", "a sweep file; - is stdin");
    private readonly Option<int?> _count = CountOption.Create();
    private readonly Option<int> _show = Value<int>("--show", "N", "print the first N configurations");
    private readonly Option<int?> _slots = Value<int?>("--slots", "N",
        "trials at the same time, for the estimate; the slots of --head's workers, or one per core and thread, when absent");
    private readonly Option<bool> _calibrate = Flag("--calibrate", "run one trial here and now to measure by, instead of past ones");
    private readonly Option<double?> _price = Value<double?>("--cost-per-slot-hour", "PRICE",
        "what an hour of one slot costs, in any currency: the estimate in money too");

    public PlanCommand(CommonOptions options)
        : base("plan", "what a sweep file would run, and what that costs", "Sweeps",
            ("seqsweep plan sweep.yaml", "count, what is infeasible and why, cost"),
            ("seqsweep plan sweep.yaml --show 5", "the first five configurations too"),
            ("seqsweep plan sweep.yaml --calibrate", "hours, measured by one trial of one epoch"),
            ("seqsweep plan sweep.yaml --cost-per-slot-hour 2.5", "what the estimated hours of slots cost"),
            ("seqsweep plan sweep.yaml --head http://gpu-head:8080", "on the workers that are there"),
            ("seqsweep plan sweep.yaml -o json", "points, feasible, seeds, trials, dropped"))
    {
        this.Takes(_file, _count, _show, _slots, _calibrate, _price, options.Database, options.Head);
        SetAction(async (parsed, stop) =>
        {
            var price = Price(parsed);
            var definition = SweepSource.Require(
                options.Context, _count.Apply(parsed, SweepSource.Parse(options.Context, parsed.GetValue(_file)!)));
            var plan = SweepPlan.Of(definition, whole: true);
            var slots = await SlotsAsync(options, parsed, definition, stop);
            var forecast = EpochForecast.Of(definition, plan.Trials, slots.Count);
            var cost = await CostAsync(options, parsed, definition, plan, forecast, slots, stop);
            var first = SweepCost.Points(definition, Math.Min(parsed.GetValue(_show), definition.RunCap ?? int.MaxValue));
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, ToJson(definition, plan, forecast, cost, slots, first, price));
            }
            else
            {
                Write(options.Context.Out, definition, plan, forecast, cost, first, price);
            }

            SweepSource.WarnOfProgram(options.Context, definition, parsed.GetValue(_file)!);
            if (parsed.GetValue(options.Head) is not null) return;

            foreach (var reason in definition.Precisions.Select(precision => Precision.WhyNot(precision, onCuda: false)).OfType<string>())
            {
                options.Context.Say($"warning: on this machine's CPU trials would fail: {reason}");
            }
        });
    }

    private double? Price(ParseResult parsed) => parsed.GetValue(_price) is not { } price || (price >= 0 && double.IsFinite(price))
        ? parsed.GetValue(_price)
        : throw new CommandError(
            ExitCodes.Usage, string.Create(CultureInfo.InvariantCulture, $"--cost-per-slot-hour {price} is no price"), "give 0 or more");

    private async Task<PlannedSlots> SlotsAsync(
        CommonOptions options, ParseResult parsed, SweepDefinition definition, CancellationToken stop)
    {
        if (parsed.GetValue(_slots) is { } given) return new PlannedSlots(given, "--slots");

        if (parsed.GetValue(options.Head) is null) return PlannedSlots.Here(definition);

        using var head = new HeadResults(HeadHttp.Create(options.Context.Variable), options.HeadOf(parsed));
        return await PlannedSlots.OfHeadAsync(head, definition, stop);
    }

    private async Task<SweepCost?> CostAsync(
        CommonOptions options, ParseResult parsed, SweepDefinition definition, SweepPlan plan, EpochForecast? forecast, PlannedSlots slots,
        CancellationToken stop)
    {
        var share = forecast?.Share ?? 1;
        if (!parsed.GetValue(_calibrate))
        {
            using var past = Past(options, parsed);
            return await SweepCost.OfAsync(definition, plan, share, past, definition.Name, slots, stop);
        }

        using var calibration = new Calibration();
        options.Context.Say("running one trial to measure by");
        await calibration.RunAsync(definition, options.Context.Folder, stop);
        using var measured = new FileResults(new ResultReader(calibration.Database), options.Context.Time);
        return await SweepCost.OfAsync(definition, plan, share, measured, Calibration.Name, slots, stop);
    }

    /// <summary>Where trials may have been measured: the head that is named, else the database of this folder; else null.</summary>
    private static ResultSource? Past(CommonOptions options, ParseResult parsed) =>
        parsed.GetValue(options.Head) is not null ? new HeadResults(HeadHttp.Create(options.Context.Variable), options.HeadOf(parsed))
        : File.Exists(options.DatabasePath(parsed)) ? new FileResults(new ResultReader(options.DatabasePath(parsed)), options.Context.Time)
        : null;

    private static void Write(
        TextWriter output, SweepDefinition definition, SweepPlan plan, EpochForecast? forecast, SweepCost? cost, List<ParameterSet> first,
        double? price)
    {
        output.WriteLine(
            $"Plan  {definition.Name}  {definition.Method}"
                + (definition.EarlyTerminate is { } pruner ? $", {pruner.Type} stops early" : ""));
        if (SamplerCatalog.Find(definition.Method)!.Choice is { } choice)
        {
            output.WriteLine($"  searches with {choice(definition)}");
        }

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
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  about {plan.FeasibleShare * 100:0.##} % of the space is feasible; other draws are made again"));
        }

        foreach (var point in first)
        {
            output.WriteLine($"  {point}");
        }

        if (forecast is not null)
        {
            var rungs = forecast.Rungs.Length > MostRungs
                ? $"{string.Join(", ", forecast.Rungs.Take(MostRungs))}, ..."
                : string.Join(", ", forecast.Rungs);
            output.WriteLine($"  Rungs  {(rungs.Length > 0 ? rungs : "none")} of {forecast.Longest} epochs");
        }

        if (cost?.Epochs is { } epochs)
        {
            var early = forecast is null ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $" at most, about {cost.Expected:#,0.#} with {definition.EarlyTerminate!.Type} "
                + $"({forecast.Share * 100:0} %, by {forecast.Trials} trials in simulated time)");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Epochs  {epochs:#,0.#}{early}"));
        }

        if (cost?.Images is not null)
        {
            output.WriteLine($"  Work  {cost.Work}");
        }

        if (cost is not null)
        {
            output.WriteLine($"  Time  {cost.Time}");
            if (price is { } each)
            {
                output.WriteLine($"  Cost  {cost.At(each)}");
            }
        }

        if (definition.Confirm is { } confirm)
        {
            output.WriteLine(
                $"  Confirms  the best {confirm.Top} under {confirm.Seeds} fresh seeds: {confirm.Top * confirm.Seeds} trials more at most");
        }

        output.WriteLine(plan.ToString());
    }

    private static JsonObject ToJson(
        SweepDefinition definition, SweepPlan plan, EpochForecast? forecast, SweepCost? cost, PlannedSlots slots, List<ParameterSet> first,
        double? price)
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
            ["confirming_trials"] = definition.Confirm is { } confirm ? confirm.Top * confirm.Seeds : 0,
            ["rungs"] = forecast is null ? null : new JsonArray([.. forecast.Rungs.Select(rung => JsonValue.Create(rung))]),
            ["epochs"] = cost?.Epochs,
            ["expected_epochs"] = cost?.Expected,
            ["slots"] = slots.Count,
            ["images"] = cost?.Images,
            ["flop"] = cost?.Flop,
            ["seconds"] = cost?.Seconds,
            ["slot_hours"] = cost?.SlotHours,
            ["cost"] = cost?.SlotHours * price,
        };
        if (first.Count > 0)
        {
            json["first"] = new JsonArray([.. first.Select(point => JsonNode.Parse(point.ToJson()))]);
        }

        return json;
    }
}
