using SeqMnistSweep.Sampling.Priors;

namespace SeqMnistSweep.Scheduling;

/// <summary>What is stored of a sweep: everything but its trials.</summary>
public sealed record SweepRecord
{
    /// <summary>Unique in the database.</summary>
    public required SweepId Id { get; init; }

    /// <summary>As the file has it.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required SweepState State { get; init; }

    /// <summary>Name of the sampler.</summary>
    public required string Method { get; init; }

    /// <summary>What is ranked by.</summary>
    public required string Metric { get; init; }

    /// <summary>Whether a larger value of the metric is better.</summary>
    public required bool Maximize { get; init; }

    /// <summary>All metrics of a sweep with several, that above first; empty for one metric.</summary>
    public ImmutableArray<MetricGoal> Metrics { get; init; } = [];

    /// <summary>Trials of each configuration.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The sweep file's text.</summary>
    public required string Source { get; init; }

    /// <summary>Digest of the file's content; see <see cref="Definitions.SweepDefinition.Digest"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>The larger goes first.</summary>
    public int Priority { get; init; }

    /// <summary>The part of the slots among sweeps of one priority; above 0.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Seconds of slots that its attempts have had which have ended.</summary>
    public double SlotSeconds { get; init; }

    /// <summary>Datasets by name with the digest that every worker's copy must have.</summary>
    public ImmutableSortedDictionary<string, string> DatasetDigests { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The name that its submission was given, so that a repeated one finds it.</summary>
    public string? SubmitKey { get; init; }

    /// <summary>What the search began with, of earlier sweeps. Never changes.</summary>
    public SearchPrior Prior { get; init; } = SearchPrior.None;

    /// <summary>What was changed since: counts over what the file says.</summary>
    public SweepEdits Edits { get; init; } = SweepEdits.None;

    /// <summary>Where the sampler goes on.</summary>
    public long Cursor { get; init; }

    /// <summary>Infeasible points passed over so far.</summary>
    public long Infeasible { get; init; }

    /// <summary>Of a sweep with <c>limits.stagnation</c>: how many configurations were settled when one of them last brought a better value;
    /// null before the first value.</summary>
    public int? SettledAtBest { get; init; }

    /// <summary>Of a sweep with <c>limits.expected_improvement</c>: proposals in a row of which less was expected.</summary>
    public int LowImprovements { get; init; }

    /// <summary>Trials that the whole sweep will have, when that is known beforehand (a grid, a run cap).</summary>
    public long? Planned { get; init; }

    /// <summary><see cref="SweepDefinition.Defaults"/> of the version that it was submitted to. Never changes.</summary>
    public int Defaults { get; init; } = SweepDefinition.LatestDefaults;

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its first trial was granted.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended; null while it can go on.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Why it is in its state; null before its first trial.</summary>
    public SweepCause? Cause { get; init; }

    /// <summary>The same for people, as a sentence: "max_failures (20) reached".</summary>
    public string? Reason { get; init; }
}
