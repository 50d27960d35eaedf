namespace SeqMnistSweep.Scheduling;

/// <summary>When a file, or a larger number, is more of the same sweep. Each answers what is wrong as a sentence, or null.</summary>
internal static class ExtensionRules
{
    /// <summary>What must stay for the results before and after to belong together.</summary>
    public static string? Difference(SweepDefinition before, SweepDefinition after)
    {
        (string Key, string Before, string After)[] keys =
        [
            ("program", before.Program, after.Program),
            ("command", string.Join(' ', before.Command), string.Join(' ', after.Command)),
            ("env", Environment(before), Environment(after)),
            ("shim", $"{before.ProgramSettings.Shim}", $"{after.ProgramSettings.Shim}"),
            ("metrics_pattern", before.ProgramSettings.MetricsPattern ?? "", after.ProgramSettings.MetricsPattern ?? ""),
            ("method", before.Method, after.Method),
            ("sampler_seed", $"{before.SamplerSeed}", $"{after.SamplerSeed}"),
            ("scramble", $"{before.Scramble}", $"{after.Scramble}"),
            ("metric", before.Metric.Name, after.Metric.Name),
            ("metrics", Metrics(before), Metrics(after)),
            ("goal", Goal(before), Goal(after)),
            ("seeds.base", $"{before.Seeds.Base}", $"{after.Seeds.Base}"),
            ("resources.threads", $"{before.Resources.Threads}", $"{after.Resources.Threads}"),
            ("resources.gpus", $"{before.Resources.Gpus}", $"{after.Resources.Gpus}"),
            ("early_terminate", Pruner(before), Pruner(after)),
            ("pbt", $"{before.Population}", $"{after.Population}"),
        ];
        return keys.FirstOrDefault(key => key.Before != key.After) is { Key: { } key } different
            ? $"the file is another sweep: its {key} is {Shown(different.After)}, and this sweep has {Shown(different.Before)}"
            : null;
    }

    public static string? Shrinks(SweepDefinition before, SweepDefinition after, int configurations) =>
        after.Seeds.Count < before.Seeds.Count ? $"the sweep has {before.Seeds.Count} seeds already, more than {after.Seeds.Count}"
        : after.RunCap < configurations ? $"run_cap {after.RunCap} is below the {configurations} configurations that are made already"
        : null;

    /// <param name="planned">Trials in all after the extension, when that is known.</param>
    /// <param name="best">Value of the best trial.</param>
    /// <param name="isCutShort">The sweep has ended before all of that was done.</param>
    public static string? AddsNothing(
        SweepRecord sweep, SweepDefinition before, SweepDefinition after, long? planned, double? best, bool isCutShort)
    {
        if (best is { } value && after.Metric.ReachesTarget(value))
        {
            return $"nothing would be added: the target {after.Metric.Target} is reached by {after.Metric.Name} {value}; "
                + "a file with a further target can extend it";
        }

        var more = (sweep.Planned, planned) switch
        {
            ({ } known, { } now) => now > known,
            (null, null) => after.Digest != before.Digest,
            (_, null) => true,
            _ => false,
        };
        return more || isCutShort ? null
            : !sweep.State.IsFinal() && before.Limits != after.Limits
                ? "nothing would be added: the sweep has not ended; its limits are changed by `seqsweep edit`"
            : planned is { } trials
                ? $"nothing would be added: the sweep has {sweep.Planned?.ToString() ?? "no limit of"} trials planned, "
                    + $"and would have {trials}"
            : "nothing would be added: the sweep has no limit of trials already";
    }

    private static string Metrics(SweepDefinition definition) => string.Join(
        ", ", definition.Metrics.Skip(1).Select(metric => $"{metric.Name} {(metric.Maximize ? "maximize" : "minimize")}"));

    private static string Goal(SweepDefinition definition) => definition.Metric.Maximize ? "maximize" : "minimize";

    private static string Pruner(SweepDefinition definition) =>
        definition.EarlyTerminate is { } pruner ? string.Join(' ', pruner.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .Select(setting => $"{setting.Key}={setting.Value}").Prepend(pruner.Type)) : "";

    private static string Environment(SweepDefinition definition) =>
        string.Join(' ', definition.ProgramSettings.Environment.Select(variable => $"{variable.Key}={variable.Value}"));

    private static string Shown(string value) => value.Length > 0 ? $"'{value}'" : "none";
}
