using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Watching;

/// <summary>The words in which a sweep is shown to a person.</summary>
/// <param name="varied">Parameters that differ between configurations; the others go without saying. Null shows all.</param>
internal sealed class SweepText(IReadOnlySet<string>? varied)
{
    /// <summary>What a sampler knew when it proposed a trial is for a replay.</summary>
    public static bool IsForPeople(StatusEvent happened) => happened.Kind != EventKinds.Proposed;

    /// <summary>Accuracies as percent, everything else with four significant digits.</summary>
    public static string Metric(string name, double? value) => value switch
    {
        null => "-",
        { } number when name.EndsWith("accuracy", StringComparison.Ordinal) => string.Create(
            CultureInfo.InvariantCulture, $"{number * 100:0.00} %"),
        { } number => number.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary><c>42 s</c>, <c>3:05</c> (minutes), <c>1:02:03</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 1 } => time.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}"),
    };

    public string Parameters(ParameterSet parameters, long seed, bool severalSeeds)
    {
        var shown = new ParameterSet(parameters.Where(item => varied?.Contains(item.Key) != false)).ToString();
        return severalSeeds ? $"{shown} seed={seed}".TrimStart() : shown;
    }

    /// <summary>One line for the top: how far, how good, since when.</summary>
    public static string Headline(SweepStatus status, DateTimeOffset now)
    {
        var ended = status.Counts.Where(count => count.Key.IsFinal()).Sum(count => count.Value);
        var of = status.Planned is { } planned ? $"/{planned}" : "";
        var troubles = string.Concat(new[] { TrialState.Pruned, TrialState.Failed, TrialState.Cancelled }
            .Where(status.Counts.ContainsKey).Select(state => $", {status.Counts[state]} {state.ToName()}"));
        var since = status.Started is { } started ? $", {Duration((status.Finished ?? now) - started)}" : "";
        return $"{status.Sweep}  {status.State.ToName()}  {ended}{of} trials{troubles}{since}";
    }

    public string Best(SweepStatus status) => status.Best is { } best
        ? ($"best {status.Metric} {Metric(status.Metric, best.Value)} by trial {best.Number} at epoch {best.Epoch}  "
            + Parameters(best.Parameters, best.Seed, false)).TrimEnd()
        : "no report yet";
}
