using System.Globalization;
using SeqMnistSweep.Definitions;

namespace SeqMnistSweep.Scheduling;

/// <summary>What was changed of a sweep after its submission; null leaves what the file says.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepEdits")]
public sealed record SweepEdits
{
    public static SweepEdits None { get; } = new();

    [Id(0)] public int? RunCap { get; init; }

    [Id(1)] public int? MaxParallel { get; init; }

    [Id(2)] public int? MaxFailures { get; init; }

    [Id(3)] public TimeSpan? TrialTime { get; init; }

    [Id(4)] public TimeSpan? SweepTime { get; init; }

    [Id(5)] public int? Priority { get; init; }

    /// <summary>Seeds per configuration.</summary>
    [Id(6)] public int? Seeds { get; init; }

    /// <summary>Only workers with this tag get its trials; empty takes that back.</summary>
    [Id(7)] public string? Workers { get; init; }

    [Id(8)] public double? Weight { get; init; }

    /// <summary>Reported epochs in all.</summary>
    [Id(9)] public long? Epochs { get; init; }

    [Id(10)] public double? SlotHours { get; init; }

    /// <summary>What is changed, for a person: <c>run_cap 40, max_parallel 2</c>.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        RunCap is { } cap ? $"run_cap {cap}" : null,
        MaxParallel is { } parallel ? $"max_parallel {parallel}" : null,
        MaxFailures is { } failures ? $"max_failures {failures}" : null,
        TrialTime is { } trial ? string.Create(CultureInfo.InvariantCulture, $"trial_time {trial.TotalSeconds:0.###} s") : null,
        SweepTime is { } sweep ? string.Create(CultureInfo.InvariantCulture, $"sweep_time {sweep.TotalSeconds:0.###} s") : null,
        Priority is { } priority ? $"priority {priority}" : null,
        Weight is { } weight ? string.Create(CultureInfo.InvariantCulture, $"weight {weight}") : null,
        Epochs is { } epochs ? $"epochs {epochs}" : null,
        SlotHours is { } hours ? string.Create(CultureInfo.InvariantCulture, $"slot_hours {hours}") : null,
        Seeds is { } seeds ? $"seeds {seeds}" : null,
        Workers is { } tag ? tag.Length > 0 ? $"only workers tagged '{tag}'" : "any worker" : null,
    }.OfType<string>());

    /// <summary>These edits, and after them <paramref name="later"/>.</summary>
    public SweepEdits With(SweepEdits later) => new()
    {
        RunCap = later.RunCap ?? RunCap,
        MaxParallel = later.MaxParallel ?? MaxParallel,
        MaxFailures = later.MaxFailures ?? MaxFailures,
        TrialTime = later.TrialTime ?? TrialTime,
        SweepTime = later.SweepTime ?? SweepTime,
        Priority = later.Priority ?? Priority,
        Weight = later.Weight ?? Weight,
        Epochs = later.Epochs ?? Epochs,
        SlotHours = later.SlotHours ?? SlotHours,
        Seeds = later.Seeds ?? Seeds,
        Workers = later.Workers ?? Workers,
    };

    public SweepDefinition ApplyTo(SweepDefinition definition) => definition with
    {
        RunCap = RunCap ?? definition.RunCap,
        Priority = Priority ?? definition.Priority,
        Weight = Weight ?? definition.Weight,
        Seeds = definition.Seeds with { Count = Seeds ?? definition.Seeds.Count },
        Limits = definition.Limits with
        {
            MaxParallel = MaxParallel ?? definition.Limits.MaxParallel,
            MaxFailures = MaxFailures ?? definition.Limits.MaxFailures,
            TrialTime = TrialTime ?? definition.Limits.TrialTime,
            SweepTime = SweepTime ?? definition.Limits.SweepTime,
            Epochs = Epochs ?? definition.Limits.Epochs,
            SlotHours = SlotHours ?? definition.Limits.SlotHours,
        },
    };
}
