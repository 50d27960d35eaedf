using System.Text.Json;

namespace SeqMnistSweep.Scheduling;

/// <summary>What a sweep ranks on and the head knows by itself; see <see cref="DerivedMetric"/>.</summary>
internal sealed class DerivedMetrics(SweepDefinition definition)
{
    /// <summary>Those that the sweep names.</summary>
    public ImmutableArray<string> Named { get; } = [.. definition.Metrics.Select(metric => metric.Name).Where(DerivedMetric.Is)];

    /// <summary>Whether nothing is left that the program would have to tell.</summary>
    public bool AreAll => Named.Length == definition.Metrics.Length;

    /// <summary>The report of an epoch with what it lacks of them.</summary>
    /// <param name="ran">Seconds since the attempt began, as its worker says; null by the head's clock.</param>
    public EpochReport AddTo(EpochReport report, TrialRecord trial, DateTimeOffset now, double? ran = null)
    {
        var seconds = trial.RunSeconds + (ran is >= 0 and < double.PositiveInfinity
            ? ran.Value
            : SlotAccounting.SecondsSince(trial.AttemptStarted, now));
        foreach (var name in Named)
        {
            if (report[name] is null && ValueOf(name, trial, report.Epoch, seconds) is { } value)
            {
                report = report with { Metrics = report.Metrics.Add(name, value) };
            }
        }

        return report;
    }

    /// <summary>Whether a report of the trial would have the metric, whatever the program tells.</summary>
    public bool IsKnown(string metric, TrialRecord trial) =>
        Named.Contains(metric) && (metric != DerivedMetric.Parameters || ParametersOf(trial) is not null);

    private static double? ValueOf(string name, TrialRecord trial, int epoch, double seconds) => name switch
    {
        DerivedMetric.Epochs => epoch,
        DerivedMetric.Seconds => seconds,
        _ => ParametersOf(trial),
    };

    private static double? ParametersOf(TrialRecord trial)
    {
        if (trial.Facts is null) return null;

        var facts = JsonSerializer.Deserialize<Dictionary<string, string>>(trial.Facts)!;
        return facts.TryGetValue(DerivedMetric.Parameters, out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && double.IsFinite(count)
            ? count
            : null;
    }
}
