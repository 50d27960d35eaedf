using System.Text.Json;
using SeqMnistSweep.Importance;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Head.Live;

/// <param name="Range">Whether it is a range of numbers, which can be a side of a contour.</param>
/// <param name="Values">What a grid of it tries; null where that is no short list.</param>
public sealed record SpaceParameter(string Name, bool Varies, bool Logarithmic, bool Range, IReadOnlyList<JsonElement>? Values);

/// <param name="Metrics">What the search is for, the sweep's metric first.</param>
/// <param name="Holdout">Whether its program also reports on a set that the search never sees.</param>
/// <param name="Baseline">Whether the configuration of defaults is tried too.</param>
/// <param name="EarlyTerminate">Whether trials may be stopped early.</param>
public sealed record SpaceAnswer(
    IReadOnlyList<SpaceParameter> Parameters, IReadOnlyList<MetricGoal> Metrics, bool Holdout, bool Baseline, bool EarlyTerminate)
{
    private const int MaxValues = 64;

    /// <summary>Null where this program no longer reads the stored file.</summary>
    public static SpaceAnswer? Of(SweepRow sweep) => sweep.ReadDefinition() is { } definition
        ? new SpaceAnswer(
            [.. definition.Space.Dimensions.Select(Describe)], definition.Metrics, definition.Space.Trainable.Holdout is not null,
            definition.Baseline is not null, definition.EarlyTerminate is not null)
        : null;

    /// <summary>Whether each of the parameters has more than one value.</summary>
    public Dictionary<string, bool> Varies() => Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Varies);

    /// <summary>Null where that is no short list.</summary>
    internal static List<ParameterValue>? Values(Dimension dimension) => dimension.Distribution.GridCount is { } count and <= MaxValues
        ? [.. Enumerable.Range(0, (int)count).Select(i => dimension.Distribution.GridValue(i))]
        : null;

    internal static JsonElement Json(ParameterValue value)
    {
        using var document = JsonDocument.Parse(value.ToJson());
        return document.RootElement.Clone();
    }

    private static SpaceParameter Describe(Dimension dimension) => new(
        dimension.Name, dimension.Distribution.Varies, dimension.Distribution.Name.Contains("log", StringComparison.Ordinal),
        Contour.IsSide(dimension), Values(dimension) is { } values ? [.. values.Select(Json)] : null);
}
