namespace SeqMnistSweep.Scheduling;

/// <summary>The memory of a worker's GPUs, which its trials share: whether one more may begin beside those that run. What a trial needs is
/// said by its sweep file, or is the most that a trial of its sweep had on this device; until the first one there is measured no other of
/// its sweep begins. Bytes.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.GpuShare")]
public sealed record GpuShare
{
    /// <summary>Without what programs of others have.</summary>
    [Id(0)] public required long Capacity { get; init; }

    /// <summary>What one trial can have at most.</summary>
    [Id(1)] public required long Most { get; init; }

    /// <summary>What trials that run neither have nor need; where slots share several GPUs, that of the GPU with the most of it, in whose
    /// slots the next trials begin.</summary>
    [Id(2)] public required long Free { get; init; }

    /// <summary>That run, or are about to.</summary>
    [Id(3)] public required int Trials { get; init; }

    /// <summary>Those of which trials run, and those measured last.</summary>
    [Id(4)] public ImmutableArray<SweepMemory> Sweeps { get; init; } = [];

    /// <summary>Where slots share several GPUs, the same of each of the others.</summary>
    [Id(5)] public ImmutableArray<long> FreeElsewhere { get; init; } = [];

    /// <summary>Why no trial of a sweep may begin there now, as a sentence; null where one may. A number that was measured is the most of
    /// any configuration: it keeps no trial off a GPU that has no other.</summary>
    /// <param name="asked">By its sweep file; null where that does not say.</param>
    public string? WhyNot(SweepId sweep, long? asked) => NeedOf(sweep, asked) switch
    {
        null when Sweeps.Any(one => one.Sweep == sweep) => "its first trial there is being measured",
        { } needed when needed > Free && (asked is not null || Trials > 0) =>
            $"a trial needs {Text(needed)} of GPU memory, {(asked is null ? "as was measured" : "as its file says")}, "
                + $"and {Text(Math.Max(0, Free))} are free",
        _ => null,
    };

    /// <summary>What a trial of a sweep needs; null before one was measured.</summary>
    /// <inheritdoc cref="WhyNot" path="/param"/>
    public long? NeedOf(SweepId sweep, long? asked) => asked ?? Sweeps.FirstOrDefault(one => one.Sweep == sweep)?.Bytes;

    /// <summary>How many trials can run there together.</summary>
    /// <inheritdoc cref="WhyNot" path="/param"/>
    public int AtOnce(SweepId? sweep, long? asked, int slots) =>
        (sweep is { } known ? NeedOf(known, asked) : asked) is > 0 and var needed ? (int)Math.Min(slots, Capacity / needed) : slots;

    /// <summary>With one more trial.</summary>
    /// <inheritdoc cref="WhyNot" path="/param"/>
    public GpuShare With(SweepId sweep, long? asked) => NeedOf(sweep, asked) is { } needed
        ? this with { Trials = Trials + 1, Free = Free - needed }
        : this with { Trials = Trials + 1, Sweeps = Sweeps.Add(new SweepMemory(sweep, null)) };

    internal static string Text(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.##} GiB");
}

/// <summary>What trials of a sweep had of a device's memory.</summary>
/// <param name="Bytes">The most; 0 where the driver does not say. Null while the first one is being measured.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepMemory")]
public sealed record SweepMemory([property: Id(0)] SweepId Sweep, [property: Id(1)] long? Bytes);
