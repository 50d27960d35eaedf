namespace SeqMnistSweep.Cli.Imports;

/// <summary>How a run ended elsewhere.</summary>
internal enum RunEnd
{
    Finished,
    Pruned,
    Crashed,

    /// <summary>By somebody, or not at all.</summary>
    Stopped,
}

/// <summary>A run of another tool.</summary>
/// <param name="Name">What it is called there; null for a row of a table without names.</param>
/// <param name="Parameters">Nested where the space is known and has them so, else by dotted names.</param>
/// <param name="Word">The tool's own word for its end; empty where it has none.</param>
/// <param name="Value">What it is ranked by there; null without one, NaN and the infinities where it came to that.</param>
internal sealed record ForeignRun(string? Name, ParameterSet Parameters, RunEnd End, string Word, double? Value)
{
    /// <summary>What it had reported at its end, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>By ascending steps.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Finished { get; init; }

    /// <summary>Null where it is a result.</summary>
    public string? WhyNoResult => End == RunEnd.Finished ? null : Word.Length == 0 ? "no state" : Word;
}

/// <summary>What a run reported at one step of its axis.</summary>
internal sealed record CurvePoint(long Step, IReadOnlyDictionary<string, double> Metrics);
