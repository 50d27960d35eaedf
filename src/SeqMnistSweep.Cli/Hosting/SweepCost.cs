using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>What a sweep costs: its epochs, and the time that they take by what past trials took.</summary>
/// <param name="Epochs">Of all trials, none ended early; null where it is not known.</param>
/// <param name="Expected">The same with those that the pruner is expected to save.</param>
/// <param name="Images">Trained, none ended early; null for other programs than <c>tcn</c>.</param>
/// <param name="Flop">Floating-point operations of training and evaluation, none ended early; null for other programs.</param>
/// <param name="Seconds">Expected, from past trials; null without any.</param>
/// <param name="SlotHours">Expected, of all trials together; null where the seconds are.</param>
/// <param name="Time">The estimate with its assumption, for a person.</param>
internal sealed record SweepCost(
    double? Epochs, double? Expected, double? Images, double? Flop, double? Seconds, double? SlotHours, string Time)
{
    private const int Sampled = 500;

    public string Work =>
        string.Create(CultureInfo.InvariantCulture, $"{Images! / 1e6:0.###} million images to train on, {Flop / 1e12:0.#} TFLOP");

    /// <summary>What the expected slot-hours cost, for a person.</summary>
    /// <param name="perSlotHour">In any currency.</param>
    public string At(double perSlotHour) => SlotHours is { } hours
        ? string.Create(
            CultureInfo.InvariantCulture, $"about {hours * perSlotHour:#,0.00}: {hours:#,0.###} slot-hours at {perSlotHour} each")
        : "unknown, as the time is";

    /// <param name="share">Of the epochs, that are expected to be trained.</param>
    /// <param name="past">With past trials; null where there is no database.</param>
    /// <param name="named">What the sweeps of those trials are called, for a program that is not <c>tcn</c>.</param>
    /// <returns>Null when the cost is not known: a search without end.</returns>
    public static async Task<SweepCost?> OfAsync(
        SweepDefinition definition, SweepPlan plan, double share, ResultSource? past, string named, PlannedSlots slots,
        CancellationToken cancellation)
    {
        if (plan.Trials is not { } trials) return null;

        var points = Points(definition, Sampled);
        if (points.Count == 0) return null;

        var counted = definition.Space.Trainable.Cost;
        var each = points.Select(point => definition.Space.ValueOf(point, TrainableDescription.Epochs)).ToList();
        var epochs = each.TrueForAll(value => value?.Kind == ParameterKind.Integer)
            ? each.Average(value => value!.AsReal()) * trials
            : (double?)null;
        var images = counted is null ? (double?)null : points.Average(counted.TrainedImages) * trials;
        var flop = counted is null ? (double?)null : points.Average(counted.TrialFlop) * trials;
        var parallel = (int)Math.Min(trials, Math.Min(slots.Count, definition.Limits.MaxParallel ?? int.MaxValue));
        var speed = past is null ? null
            : counted is not null ? await PastSpeed.OfFlopAsync(past, counted, cancellation)
            : await PastSpeed.OfSweepsAsync(past, named, wholeTrials: epochs is null, cancellation);
        var work = counted is null ? epochs ?? trials : flop;
        var seconds = speed is { } known && work is { } amount && parallel > 0
            ? amount * share / known.PerSecond / parallel
            : (double?)null;
        var text = seconds is { } estimate
                ? $"about {SweepText.Duration(TimeSpan.FromSeconds(estimate))} with {Plural.Of(parallel, "trial")} at a time on "
                    + $"{slots.Where}, from "
                    + (named == Calibration.Name
                        ? "one trial that was run now"
                        : $"{Plural.Of(speed!.Seen, counted is null ? "trial" : "epoch")} {past!.Where}")
            : parallel == 0 ? $"unknown: none of {slots.Where} takes this sweep"
            : $"unknown: no {(counted is null ? "trial of a sweep of this name" : $"epoch of {definition.Program}")} "
                + $"{past?.Where ?? "in this database"} yet to judge by; --calibrate runs one here and now";
        return new SweepCost(epochs, epochs * share, images, flop, seconds, seconds * parallel / 3600, text);
    }

    /// <summary>The first configurations that the search would try.</summary>
    public static List<ParameterSet> Points(SweepDefinition definition, int most)
    {
        var sampler = SamplerCatalog.Create(definition);
        var nothing = new SearchHistory();
        var points = new List<ParameterSet>();
        for (var cursor = 0L; points.Count < most && sampler.Propose(cursor, nothing) is { } proposal; cursor = proposal.NextCursor)
        {
            points.Add(proposal.Parameters);
        }

        return points;
    }
}

/// <summary>Trials at the same time, and where that number is from.</summary>
/// <param name="Where">For a person: "4 slots of 2 workers of the head".</param>
internal sealed record PlannedSlots(int Count, string Where)
{
    public static PlannedSlots Here(SweepDefinition sweep) =>
        new(Math.Max(1, Environment.ProcessorCount / sweep.Resources.Threads), "this machine's cores");

    /// <summary>Of the workers that are ready and take this sweep; none where no worker does.</summary>
    public static async Task<PlannedSlots> OfHeadAsync(HeadResults head, SweepDefinition sweep, CancellationToken cancellation)
    {
        var fit = PlacementConstraint.Of(sweep, SweepEdits.None);
        var workers = (await head.WorkersAsync(cancellation))
            .Where(worker => worker.State == WorkerState.Ready && fit.Takes(worker.ToOffer()))
            .ToList();
        return new PlannedSlots(
            workers.Sum(worker => worker.Gpu?.AtOnce(null, fit.GpuMemory, worker.Slots) ?? worker.Slots),
            $"the {Plural.Of(workers.Count, "ready worker")} of {head.Head!.GetLeftPart(UriPartial.Authority)}");
    }
}
