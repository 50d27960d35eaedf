using System.Text.Json.Serialization;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Head.Submissions;

/// <summary>A sweep that was run elsewhere, to be looked at here.</summary>
/// <param name="Source">A sweep file with its space and metric.</param>
/// <param name="FileName">Where it comes from, for people.</param>
/// <param name="Trials">In the order of their numbers, from 1.</param>
/// <param name="By">Who asks: <c>user@host</c>.</param>
public sealed record ImportRequest(string Source, string FileName, ImmutableArray<ImportedTrial> Trials, string By)
{
    /// <summary>Reports and steps of all trials together.</summary>
    public const int MaxRows = 250_000;

    private const int MaxTrials = 50_000;

    /// <summary>What they say of themselves, where <see cref="By"/> is the name of their credential.</summary>
    [JsonIgnore]
    public string? SaidBy { get; init; }

    /// <summary>Why it is not taken as it stands; null where it is. What the file says is checked elsewhere.</summary>
    public string? Problem() =>
        Source is null ? "'source' is the text of a sweep file, and missing"
        : Trials.IsDefaultOrEmpty ? "'trials' is a list of trials, and missing"
        : Trials.Length > MaxTrials ? $"at most {MaxTrials} trials are imported, not {Trials.Length}"
        : OutsideText.NameProblem("file_name", FileName, OutsideText.MaxSentence) ?? OutsideText.NameProblem("by", By)
            ?? Trials.Select((trial, i) => (trial is null ? "it is missing" : trial.Problem()) is { } problem
                ? $"trial {i + 1}: {problem}"
                : null).FirstOrDefault(problem => problem is not null)
            ?? (Trials.Sum(trial => (long)trial.Reports.Length + trial.Steps.Length) is > MaxRows and var rows
                ? $"at most {MaxRows} reports and steps are imported, not {rows}"
                : null);
}

/// <summary>A trial that ended elsewhere.</summary>
public sealed record ImportedTrial
{
    /// <summary>What it was called there; null for a number alone.</summary>
    public string? Name { get; init; }

    /// <summary>Its configuration.</summary>
    public required ParameterSet Parameters { get; init; }

    /// <summary>Completed, pruned, failed or cancelled.</summary>
    public required TrialState State { get; init; }

    /// <summary>Of a failed one.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>What was said of its end.</summary>
    public string? Message { get; init; }

    /// <summary>What it is ranked by; finite, or null.</summary>
    public double? Value { get; init; }

    /// <summary>The epoch of the value.</summary>
    public int? ValueEpoch { get; init; }

    /// <summary>By ascending epochs.</summary>
    public ImmutableArray<EpochReport> Reports { get; init; } = [];

    /// <summary>By ascending steps.</summary>
    public ImmutableArray<ImportedStep> Steps { get; init; } = [];

    /// <summary>When it began there.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended there.</summary>
    public DateTimeOffset? Finished { get; init; }

    internal string? Problem() =>
        Parameters is null ? "'parameters' is missing"
        : !State.IsFinal() ? $"'state' is that of a trial that has ended, not {State.ToName()}"
        : Value is { } value && !double.IsFinite(value) ? "'value' is a finite number or null"
        : Reports.IsDefault || Steps.IsDefault || Reports.Contains(null!) || Steps.Contains(null!) ? "'reports' and 'steps' are lists"
        : Reports.FirstOrDefault(report => report.Epoch is < 1 or > EpochReport.MaxEpoch) is { } wrong
            ? $"there is no epoch {wrong.Epoch}: they go from 1 to {EpochReport.MaxEpoch}"
        : !Ascend(Reports.Select(report => (long)report.Epoch)) || !Ascend(Steps.Select(step => step.Step)) || Steps is [{ Step: < 0 }, ..]
            ? "epochs and steps ascend, steps from 0"
        : (Name is null ? null : OutsideText.NameProblem("name", Name, OutsideText.MaxSentence))
            ?? OutsideText.SentenceProblem("message", Message)
            ?? Reports.Select(report => report.Metrics).Concat(Steps.Select(step => step.Metrics)).Select(metrics => metrics is null
                ? "'metrics' is missing"
                : OutsideText.NamesProblem("metrics", [.. metrics.Keys])).FirstOrDefault(problem => problem is not null);

    private static bool Ascend(IEnumerable<long> numbers)
    {
        var before = long.MinValue;
        foreach (var number in numbers)
        {
            if (number <= before) return false;

            before = number;
        }

        return true;
    }
}

/// <summary>Metrics of a step within an epoch.</summary>
public sealed record ImportedStep(long Step, ImmutableSortedDictionary<string, double> Metrics);

/// <summary>What was stored.</summary>
public sealed record ImportReply(SweepId Sweep, SweepState State, int Trials, int Reports);
