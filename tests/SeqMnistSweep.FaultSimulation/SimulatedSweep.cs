using System.Collections.Concurrent;
using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>The sweeps of the simulation: small, and each with another way to decide.</summary>
internal static class SimulatedSweep
{
    public const int Epochs = 4;

    /// <summary>The one of <see cref="Kinds"/> that goes before the others.</summary>
    public const int Urgent = 1;

    private static readonly ConcurrentDictionary<string, SweepDefinition> Known = new(StringComparer.Ordinal);

    public static readonly ImmutableArray<SweepDefinition> Kinds =
    [
        Parse("parameters: {x: {values: [1, 2, 3, 4, 5, 6, 7]}, epochs: {value: 4}}"),
        Parse("parameters: {x: {values: [1, 2, 3, 4, 5]}, epochs: {value: 4}}\ncheckpoint: {every: 2, keep: none}\nlimits: {max_parallel: 2}\npriority: 1"),
        Parse("parameters: {x: {values: [1, 2, 3, 4, 5, 6]}, epochs: {value: 4}}\nearly_terminate: {type: asha, mode: stopping, eta: 2}\nconfirm: {top: 2, seeds: 2}"),
        Parse("parameters: {x: {values: [1, 2, 3, 4, 5, 6]}, epochs: {value: 4}}\nearly_terminate: {type: asha, eta: 2, mode: promotion}"),
        Parse("parameters: {x: {values: [1, 2, 3, 4, 5]}, epochs: {value: 4}}\ncheckpoint: {keep: all}", "train.py"),
        Parse("parameters: {x: {values: [1, 2, 3, 4, 5, 6]}, epochs: {value: 4}}\nearly_terminate: {type: asha, eta: 2, mode: promotion}", "train.py"),
        Parse("parameters: {x: {min: 0.0, max: 1.0}, epochs: {value: 4}}\nrun_cap: 5", "train.py", "pbt"),
    ];

    public static SweepRecord RecordOf(int kind, int index, DateTimeOffset now) => new()
    {
        Id = SweepId.Parse($"fault-000{index}"),
        Name = "fault",
        State = SweepState.Queued,
        Method = Kinds[kind].Method,
        Metric = Kinds[kind].Metric.Name,
        Maximize = Kinds[kind].Metric.Maximize,
        Source = Kinds[kind].Source,
        Digest = Kinds[kind].Digest,
        Priority = Kinds[kind].Priority,
        Planned = SweepPlan.Of(Kinds[kind]).Trials,
        Created = now,
    };

    /// <summary>By the file that is stored, which may have been edited.</summary>
    public static SweepSchedule ScheduleOf(RestoredSweep stored, CopyCheckpoint copy) => new(
        DefinitionOf(stored.Sweep.Source),
        SamplerCatalog.Create(DefinitionOf(stored.Sweep.Source)),
        PrunerCatalog.Create(DefinitionOf(stored.Sweep.Source)),
        stored.Sweep,
        stored.Trials,
        stored.Reports.Select(report => (report.Trial, report.Report)),
        copy);

    /// <summary>Of a user's program: it outruns verdicts, leaves the same file for many epochs, and trains otherwise each time.</summary>
    public static bool IsUsers(int kind) => Kinds[kind].Program == "train.py";

    /// <summary>The file with one value more in its grid, before the others; null where it has none left to add.</summary>
    public static SweepDefinition? Larger(SweepDefinition definition)
    {
        var larger = definition.Source.Replace("values: [1,", "values: [0, 1,", StringComparison.Ordinal);
        return larger == definition.Source ? null : DefinitionOf(larger);
    }

    private static SweepDefinition DefinitionOf(string source) => Known.GetOrAdd(source, text => SweepFile.Parse(text, "fault.yaml").Definition!);

    private static SweepDefinition Parse(string settings, string program = "noop", string method = "grid")
    {
        var file = SweepFile.Parse($"program: {program}\nmethod: {method}\nmetric: {{name: value, goal: maximize}}\nretry: {{max: 100, backoff: 1s}}\n{settings}\n", "fault.yaml");
        return file.Definition ?? throw new InvalidOperationException(string.Join("; ", file.Diagnostics.Select(finding => finding.Message)));
    }
}
