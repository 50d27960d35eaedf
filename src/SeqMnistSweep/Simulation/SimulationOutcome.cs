namespace SeqMnistSweep.Simulation;

/// <summary>What a simulated sweep found, against all that is recorded.</summary>
/// <param name="Epochs">Trained in all.</param>
/// <param name="Share">Of the recorded epochs.</param>
/// <param name="Best">The best value that was seen; null without a finite one.</param>
/// <param name="Regret">By how much a recorded one is better.</param>
/// <param name="Recorded">The recorded trial that gave the best value.</param>
public sealed record SimulationOutcome(
    int Trials, int Completed, int Pruned, int Epochs, double Share, double? Best, double? Regret, string? Recorded, TimeSpan Took)
{
    /// <summary>Compares what was found with the best of all recorded curves.</summary>
    public static SimulationOutcome Of(SimulationResult result, ImmutableArray<RecordedCurve> curves, MetricGoal metric)
    {
        var sign = metric.Maximize ? 1 : -1;
        var finite = result.Epochs.Where(epoch => double.IsFinite(epoch.Value)).ToList();
        var best = finite.Count == 0 ? (SimulatedEpoch?)null : finite.MaxBy(epoch => sign * epoch.Value);
        var highest = curves.SelectMany(curve => curve.Values).Where(double.IsFinite).Select(value => sign * value)
            .DefaultIfEmpty(double.NaN).Max();
        return new SimulationOutcome(result.Trials.Length, result.Trials.Count(trial => trial.State == TrialState.Completed),
            result.Trials.Count(trial => trial.State == TrialState.Pruned), result.Epochs.Length,
            (double)result.Epochs.Length / curves.Sum(curve => curve.Values.Length), best?.Value,
            best is { } found ? Math.Round(highest - (sign * found.Value), 12) : null, best is { } there ? curves[there.Curve].Trial : null,
            result.Took);
    }
}
