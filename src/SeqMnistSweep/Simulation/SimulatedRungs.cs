using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;

namespace SeqMnistSweep.Simulation;

/// <summary>What the rungs of a simulated sweep were worth.</summary>
public static class SimulatedRungs
{
    /// <summary>The order at a rung is compared among all recorded curves, not among those alone that went on; empty where
    /// <c>early_terminate</c> has no rungs.</summary>
    public static ImmutableArray<RungReport> Of(SweepDefinition definition, SimulationResult result, ImmutableArray<RecordedCurve> curves)
    {
        var rungs = PrunerCatalog.RungsOf(definition, curves.Max(curve => curve.Values.Length));
        if (rungs.Count == 0) return [];

        var sign = definition.Metric.Maximize ? 1 : -1;
        return RungReport.Of(
            rungs,
            [.. result.Epochs.GroupBy(epoch => (epoch.Trial, epoch.Curve))
                .Select(trial => (trial.Max(epoch => epoch.Epoch), curves[trial.Key.Curve].Values.Length))],
            [.. curves.Select((curve, i) => new LearningCurve(
                i + 1, TrialState.Completed, [.. curve.Values.Select(value => sign * value)]))]);
    }
}
