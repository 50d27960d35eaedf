namespace SeqMnistSweep.Trainables;

/// <summary>What a sweep file says of how its program is run, beside the command. Nothing of it concerns a program that is built
/// in.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.ProgramSettings")]
public sealed record ProgramSettings
{
    /// <summary>What is usual where a file says nothing.</summary>
    public static ProgramSettings Usual { get; } = new();

    /// <summary>Environment variables by name; macros of the trial stand in their values.</summary>
    [Id(0)] public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What <c>import wandb</c> finds.</summary>
    [Id(1)] public WandbShim Shim { get; init; }

    /// <summary>A text that <see cref="Trainables.MetricsPattern"/> reads; null where only lines of JSON are reports.</summary>
    [Id(2)] public string? MetricsPattern { get; init; }

    /// <summary>By content.</summary>
    public bool Equals(ProgramSettings? other) => other is not null && Shim == other.Shim && MetricsPattern == other.MetricsPattern
        && Environment.SequenceEqual(other.Environment);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shim, MetricsPattern, Environment.Count);
}

/// <summary>Whether a program that imports <c>wandb</c> gets this program's stand-in.</summary>
public enum WandbShim
{
    /// <summary>Where no wandb is installed.</summary>
    WhereMissing,

    /// <summary>Always, in place of one that is installed.</summary>
    Wandb,

    /// <summary>Never.</summary>
    None,
}
