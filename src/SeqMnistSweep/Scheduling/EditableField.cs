namespace SeqMnistSweep.Scheduling;

/// <summary>A field that <c>edit</c> and <c>extend</c> may change: where it stands in the edits and in the definition, what it may be, how
/// it is shown.</summary>
internal abstract record EditableField(string Name, bool IsAmount)
{
    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<EditableField> All { get; } =
    [
        new Of<int>("run_cap", true, edits => edits.RunCap, (edits, cap) => edits with { RunCap = cap },
            (file, cap) => file with { RunCap = cap }, TooFew),
        new Of<int>("max_parallel", false, edits => edits.MaxParallel, (edits, max) => edits with { MaxParallel = max },
            OfLimits<int>((limits, max) => limits with { MaxParallel = max }),
            max => max < 1 ? "must be 1 or more; to hold the sweep, pause it" : null),
        new Of<int>("max_failures", true, edits => edits.MaxFailures, (edits, max) => edits with { MaxFailures = max },
            OfLimits<int>((limits, max) => limits with { MaxFailures = max }), TooFew),
        new Of<TimeSpan>("trial_time", false, edits => edits.TrialTime, (edits, time) => edits with { TrialTime = time },
            OfLimits<TimeSpan>((limits, time) => limits with { TrialTime = time }), TooShort),
        new Of<TimeSpan>("sweep_time", true, edits => edits.SweepTime, (edits, time) => edits with { SweepTime = time },
            OfLimits<TimeSpan>((limits, time) => limits with { SweepTime = time }), TooShort),
        new Of<int>("priority", false, edits => edits.Priority, (edits, priority) => edits with { Priority = priority },
            (file, priority) => file with { Priority = priority }, _ => null),
        new Of<double>("weight", false, edits => edits.Weight, (edits, weight) => edits with { Weight = weight },
            (file, weight) => file with { Weight = weight },
            weight => weight > 0 && double.IsFinite(weight) ? null : "must be a number above 0; to hold the sweep, pause it"),
        new Of<long>("epochs", true, edits => edits.Epochs, (edits, epochs) => edits with { Epochs = epochs },
            OfLimits<long>((limits, epochs) => limits with { Epochs = epochs }), epochs => epochs < 1 ? "must be 1 or more" : null),
        new Of<double>("slot_hours", true, edits => edits.SlotHours, (edits, hours) => edits with { SlotHours = hours },
            OfLimits<double>((limits, hours) => limits with { SlotHours = hours }), hours => hours > 0 ? null : "must be a number above 0"),
        new Of<int>("seeds", true, edits => edits.Seeds, (edits, seeds) => edits with { Seeds = seeds },
            (file, seeds) => file with { Seeds = file.Seeds with { Count = seeds } }, TooFew),
        new Of<int>("confirm.top", true, edits => edits.ConfirmTop, (edits, top) => edits with { ConfirmTop = top },
            (file, top) => file with { Confirm = (file.Confirm ?? new ConfirmPlan()) with { Top = top } }, TooFew),
        new Of<int>("confirm.seeds", true, edits => edits.ConfirmSeeds, (edits, seeds) => edits with { ConfirmSeeds = seeds },
            (file, seeds) => file with { Confirm = (file.Confirm ?? new ConfirmPlan()) with { Seeds = seeds } },
            seeds => seeds is >= 2 and <= 1000 ? null : "must be from 2 to 1000: one value has no interval"),
        new WorkerTag(),
    ];

    /// <summary>The field with its value, for a person; null where it is not changed.</summary>
    public abstract string? Show(SweepEdits edits);

    /// <summary>Takes over the value that <paramref name="from"/> has.</summary>
    public abstract SweepEdits Copy(SweepEdits from, SweepEdits to);

    public abstract SweepDefinition Apply(SweepEdits edits, SweepDefinition definition);

    /// <summary>What is wrong with its value, as a sentence; null when nothing is.</summary>
    public abstract string? Problem(SweepEdits edits);

    private static Func<SweepDefinition, T, SweepDefinition> OfLimits<T>(Func<SweepLimits, T, SweepLimits> set) =>
        (definition, value) => definition with { Limits = set(definition.Limits, value) };

    private static string? TooFew(int count) => count < 1 ? "must be 1 or more" : null;

    private static string? TooShort(TimeSpan time) => time <= TimeSpan.Zero ? "must be longer than nothing" : null;

    /// <param name="Refusal">What a value must be that is not allowed; null for one that is.</param>
    private sealed record Of<T>(
        string Name, bool IsAmount, Func<SweepEdits, T?> Get, Func<SweepEdits, T, SweepEdits> Set,
        Func<SweepDefinition, T, SweepDefinition> Define, Func<T, string?> Refusal) : EditableField(Name, IsAmount)
        where T : struct
    {
        public override string? Show(SweepEdits edits) => Get(edits) switch
        {
            null => null,
            TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{Name} {time.TotalSeconds:0.###} s"),
            { } value => string.Create(CultureInfo.InvariantCulture, $"{Name} {value}"),
        };

        public override SweepEdits Copy(SweepEdits from, SweepEdits to) => Get(from) is { } value ? Set(to, value) : to;

        public override SweepDefinition Apply(SweepEdits edits, SweepDefinition definition) =>
            Get(edits) is { } value ? Define(definition, value) : definition;

        public override string? Problem(SweepEdits edits) =>
            Get(edits) is { } value && Refusal(value) is { } must ? $"{Name} {must}" : null;
    }

    /// <summary>Decides nothing of the definition: see <see cref="PlacementConstraint"/>.</summary>
    private sealed record WorkerTag() : EditableField("workers", false)
    {
        public override string? Show(SweepEdits edits) => edits.Workers switch
        {
            null => null,
            "" => "any worker",
            var tag => $"only workers tagged '{tag}'",
        };

        public override SweepEdits Copy(SweepEdits from, SweepEdits to) => from.Workers is null ? to : to with { Workers = from.Workers };

        public override SweepDefinition Apply(SweepEdits edits, SweepDefinition definition) => definition;

        public override string? Problem(SweepEdits edits) => null;
    }
}
