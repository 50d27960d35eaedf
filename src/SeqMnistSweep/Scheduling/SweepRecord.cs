using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>What is stored of a sweep: everything but its trials.</summary>
public sealed record SweepRecord
{
    public required SweepId Id { get; init; }

    public required string Name { get; init; }

    public required SweepState State { get; init; }

    public required string Method { get; init; }

    public required string Metric { get; init; }

    public required bool Maximize { get; init; }

    /// <summary>All metrics of a sweep with several, that above first; empty for one metric.</summary>
    public ImmutableArray<MetricGoal> Metrics { get; init; } = [];

    /// <summary>The sweep file's text.</summary>
    public required string Source { get; init; }

    /// <summary>Digest of the file's content; see <see cref="Definitions.SweepDefinition.Digest"/>.</summary>
    public required string Digest { get; init; }

    public int Priority { get; init; }

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

    /// <summary>Trials that the whole sweep will have, when that is known beforehand (a grid, a run cap).</summary>
    public long? Planned { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Finished { get; init; }

    /// <summary>Why it is in its state, as a sentence: "max_failures (20) reached".</summary>
    public string? Reason { get; init; }
}
