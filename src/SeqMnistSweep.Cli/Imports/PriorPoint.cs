namespace SeqMnistSweep.Cli.Imports;

/// <summary>A configuration that somebody has tried elsewhere.</summary>
/// <param name="Value">What it came to; null where nobody says.</param>
internal sealed record PriorPoint(ParameterSet Parameters, double? Value)
{
    /// <summary>The best first, each configuration once, those without a value last.</summary>
    public static IReadOnlyList<PriorPoint> Best(IEnumerable<PriorPoint> points, bool maximize, int most) =>
    [
        .. points
            .OrderBy(point => point.Value is { } value && double.IsFinite(value) ? maximize ? -value : value : double.PositiveInfinity)
            .DistinctBy(point => point.Parameters)
            .Take(most),
    ];
}
