namespace SeqMnistSweep.Scheduling;

/// <summary>What was changed of a sweep after its submission; null leaves what the file says. <see cref="EditableField"/> has the
/// rules.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepEdits")]
public sealed record SweepEdits
{
    /// <summary>Nothing changed.</summary>
    public static SweepEdits None { get; } = new();

    /// <summary>Configurations in all.</summary>
    [Id(0)] public int? RunCap { get; init; }

    /// <summary>Trials at the same time.</summary>
    [Id(1)] public int? MaxParallel { get; init; }

    /// <summary>Failed trials after which the sweep fails.</summary>
    [Id(2)] public int? MaxFailures { get; init; }

    /// <summary>How long an attempt may take.</summary>
    [Id(3)] public TimeSpan? TrialTime { get; init; }

    /// <summary>How long after its start the sweep stops.</summary>
    [Id(4)] public TimeSpan? SweepTime { get; init; }

    /// <summary>The larger goes first.</summary>
    [Id(5)] public int? Priority { get; init; }

    /// <summary>Seeds per configuration.</summary>
    [Id(6)] public int? Seeds { get; init; }

    /// <summary>Only workers with this tag get its trials; empty takes that back.</summary>
    [Id(7)] public string? Workers { get; init; }

    /// <summary>The part of the slots among sweeps of one priority; above 0.</summary>
    [Id(8)] public double? Weight { get; init; }

    /// <summary>Reported epochs of all trials together.</summary>
    [Id(9)] public long? Epochs { get; init; }

    /// <summary>Hours of slots of all attempts together.</summary>
    [Id(10)] public double? SlotHours { get; init; }

    /// <summary>Configurations that are confirmed.</summary>
    [Id(11)] public int? ConfirmTop { get; init; }

    /// <summary>Fresh seeds of each of them.</summary>
    [Id(12)] public int? ConfirmSeeds { get; init; }

    /// <summary>Whether what has ended is to be confirmed, and is given nothing else to try.</summary>
    public bool AsksForConfirmation() => (ConfirmTop ?? ConfirmSeeds) is not null && (RunCap ?? Seeds) is null;

    /// <summary>What is changed, for a person: <c>run_cap 40, max_parallel 2</c>.</summary>
    public override string ToString() => string.Join(", ", EditableField.All.Select(field => field.Show(this)).OfType<string>());

    /// <summary>These edits, and after them <paramref name="later"/>.</summary>
    public SweepEdits With(SweepEdits later) => EditableField.All.Aggregate(this, (edits, field) => field.Copy(later, edits));

    /// <summary>Without the fields that say how much the sweep does in all.</summary>
    public SweepEdits WithoutAmounts() =>
        EditableField.All.Where(field => !field.IsAmount).Aggregate(None, (edits, field) => field.Copy(this, edits));

    /// <summary>The definition with these edits.</summary>
    public SweepDefinition ApplyTo(SweepDefinition definition) =>
        EditableField.All.Aggregate(definition, (changed, field) => field.Apply(this, changed));

    /// <param name="configurations">Made so far.</param>
    /// <returns>What makes no sense, as a sentence; null when all does.</returns>
    public string? Problem(int configurations) =>
        this == None ? "nothing is named that should be changed"
        : RunCap < configurations ? $"run_cap {RunCap} is below the {configurations} configurations that are made already"
        : EditableField.All.Select(field => field.Problem(this)).FirstOrDefault(problem => problem is not null);
}
