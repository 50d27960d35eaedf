using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Simulation;

/// <summary>How many epochs a sweep will train where its pruner ends trials early: simulated with curves that keep their order from the
/// first epoch on, so no trial is ended that would have won.</summary>
/// <param name="Rungs">Epochs before a trial's last after which it may be stopped; the first hundred.</param>
/// <param name="Longest">Epochs of the longest trial.</param>
/// <param name="Trials">Those that were run in simulated time.</param>
/// <param name="Share">Of the epochs that the trials would train without a pruner, above 0, at most 1.</param>
public sealed record EpochForecast(ImmutableArray<int> Rungs, int Longest, int Trials, double Share)
{
    private const int MaxTrials = 200;
    private const int MaxReports = 40_000;
    private const int MaxRungs = 100;

    /// <summary>Null where nothing ends trials early, or it is not known how many epochs they have.</summary>
    /// <param name="definition">The sweep; its method's own sampler proposes.</param>
    /// <param name="trials">In all; null for a search without end.</param>
    /// <param name="slots">Trials at the same time.</param>
    public static EpochForecast? Of(SweepDefinition definition, long? trials, int slots)
    {
        if (PrunerCatalog.Create(definition) is not { } pruner) return null;

        var sampled = new List<int>();
        var sampler = SamplerCatalog.Create(definition);
        var nothing = new SearchHistory();
        for (var cursor = 0L; sampled.Count < MaxTrials && sampler.Propose(cursor, nothing) is { } proposal; cursor = proposal.NextCursor)
        {
            if (EpochsOf(definition, proposal.Parameters) is not { } epochs) return null;

            sampled.Add(epochs);
        }

        if (sampled.Count == 0) return null;

        var longest = sampled.Max();
        var count = (int)Math.Clamp(Math.Min(trials ?? MaxTrials, MaxReports / longest), 1, MaxTrials);
        return new EpochForecast(
            [.. Enumerable.Range(1, Math.Max(0, longest - 1)).Where(pruner.IsRung).Take(MaxRungs)],
            longest,
            count,
            ShareOf(definition with
            {
                RunCap = count, Seeds = new SeedPlan(1, null), Limits = new SweepLimits(), Metric = definition.Metric
                    with { Target = null },
            }, Math.Min(slots, count)));
    }

    private static int? EpochsOf(SweepDefinition definition, ParameterSet point) =>
        definition.Space.ValueOf(point, TrainableDescription.Epochs) is { Kind: ParameterKind.Integer } epochs
        && epochs.AsInteger() is >= 1 and <= EpochReport.MaxEpoch ? (int)epochs.AsInteger() : null;

    private static double ShareOf(SweepDefinition definition, int slots)
    {
        var result = new SweepSimulation(definition, grant => CurveOf(definition, grant), slots, SamplerCatalog.Create(definition), null)
            .Run();
        var full = result.Trials.Where(trial => trial.Attempts > 0).Sum(trial => (long)(EpochsOf(definition, trial.Parameters) ?? 1));
        return full > 0 ? (double)result.Epochs.Length / full : 1;
    }

    /// <summary>How good a trial is goes by its number, in no order; every epoch takes a second.</summary>
    private static SimulatedCurve CurveOf(SweepDefinition definition, TrialGrant grant)
    {
        var quality = grant.Trial.Number * 0.6180339887498949 % 1;
        return new SimulatedCurve(0, EpochsOf(definition, grant.Parameters) ?? 1, _ => quality, _ => 1);
    }
}
