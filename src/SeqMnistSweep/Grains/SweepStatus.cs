using System.Text.Json.Serialization;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Grains;

/// <summary>A sweep as it stands, for a client that watches.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepStatus")]
public sealed record SweepStatus
{
    /// <summary>A message has an end, and so has what somebody can watch.</summary>
    public const int MaxRunning = 1000;

    /// <summary>Configurations in <see cref="Top"/> at most.</summary>
    public const int MaxTop = 10;

    /// <summary>The sweep's id.</summary>
    [Id(0)] public required SweepId Sweep { get; init; }

    /// <summary>Its state now.</summary>
    [Id(1)] public required SweepState State { get; init; }

    /// <summary>Why it is in this state.</summary>
    [Id(2)] public string? Reason { get; init; }

    /// <summary>The metric by which its trials are ranked.</summary>
    [Id(3)] public required string Metric { get; init; }

    /// <summary>Trials in all, where that is known beforehand.</summary>
    [Id(4)] public long? Planned { get; init; }

    /// <summary>Its trials by state; a state without trials may be missing.</summary>
    [Id(5)] public ImmutableSortedDictionary<TrialState, int> Counts { get; init; } = ImmutableSortedDictionary<TrialState, int>.Empty;

    /// <summary>The best configuration so far, the first in the leaderboard that has every seed: its first trial, with the mean over its
    /// seeds. Null without one.</summary>
    [Id(6)] public TrialSummary? Best { get; init; }

    /// <summary>The first of them by number, at most <see cref="MaxRunning"/>; <see cref="Active"/> says how many there are.</summary>
    [Id(7)] public ImmutableArray<RunningTrial> Running { get; init; } = [];

    /// <summary>Events after the one that was asked for, the oldest first.</summary>
    [Id(8)] public ImmutableArray<StatusEvent> Events { get; init; } = [];

    /// <summary>When its first trial started; null before.</summary>
    [Id(9)] public DateTimeOffset? Started { get; init; }

    /// <summary>Number of the sweep's newest event.</summary>
    [Id(10)] public long LastEvent { get; init; }

    /// <summary>Null until it has ended.</summary>
    [Id(11)] public DateTimeOffset? Finished { get; init; }

    /// <summary>The same as <see cref="Reason"/> for programs; null before its first trial.</summary>
    [Id(12)] public SweepCause? Cause { get; init; }

    /// <summary>The expected time to its end; null where there is no estimate.</summary>
    [Id(13)] public double? SecondsLeft { get; init; }

    /// <summary>The standard deviation of <see cref="SecondsLeft"/>.</summary>
    [Id(14)] public double? SecondsSpread { get; init; }

    /// <summary>The first configurations of the leaderboard, each as its first trial with the mean over its seeds.</summary>
    [Id(15)] public ImmutableArray<TrialSummary> Top { get; init; } = [];

    /// <summary>Seconds in which at least one of its trials ran.</summary>
    [Id(16)] public double RanSeconds { get; init; }

    /// <summary>Trials that have ended.</summary>
    [JsonIgnore] public int Ended => Counts.Where(count => count.Key.IsFinal()).Sum(count => count.Value);

    /// <summary>Trials that hold a slot, or wait at a worker for one.</summary>
    public int Active => Counts.GetValueOrDefault(TrialState.Leased) + Counts.GetValueOrDefault(TrialState.Running);
}

/// <param name="Value">Its best, in the sweep's metric.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.TrialSummary")]
public sealed record TrialSummary(
    [property: Id(0)] int Number,
    [property: Id(1)] double? Value,
    [property: Id(2)] int? Epoch,
    [property: Id(3), JsonPropertyName("params")] ParameterSet Parameters,
    [property: Id(4)] long Seed);

/// <summary>A trial in a slot: where, in which attempt (counted from 1), and how far; the progress is null before the first word of
/// it.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.RunningTrial")]
public sealed record RunningTrial(
    [property: Id(0)] TrialSummary Trial, [property: Id(1)] string Worker, [property: Id(2)] int Attempt, [property: Id(
        3)] TrialProgress? Progress)
{
    /// <summary>Its metric epoch by epoch, the last ones; empty where nobody asked for it.</summary>
    [Id(4)] public ImmutableArray<double?> Curve { get; init; } = [];

    /// <summary>Whether it waits at its worker for a slot.</summary>
    [Id(5)] public bool Waits { get; init; }
}

/// <param name="Number">Grows; later events have larger numbers.</param>
/// <param name="Trial">Null for an event of the sweep.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.StatusEvent")]
public sealed record StatusEvent(
    [property: Id(0)] long Number,
    [property: Id(1)] int? Trial,
    [property: Id(2)] string Kind,
    [property: Id(3)] string? To,
    [property: Id(4)] string Text,
    [property: Id(5)] DateTimeOffset Time)
{
    /// <summary>Whether it only says what every trial goes through.</summary>
    [Id(6)] public bool IsRoutine { get; init; }
}
