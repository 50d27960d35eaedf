namespace SeqMnistSweep.SearchSpaces;

/// <summary>W&amp;B's q_ kinds: round_half_even(value / q) * q. Not clipped, so <c>q_uniform</c> 1..10 with q 4 draws 0, 4 and 8, and the
/// end cells have half the mass. The grid of a <c>q_uniform</c> is another one: min, min + q, ... below max, as numpy's arange.</summary>
/// <param name="Q">Above 0.</param>
/// <param name="IsInteger">Whether q was written as an integer; only then the results are integers.</param>
/// <param name="MinIsInteger">Whether <c>min</c> was; the grid's values are integers only if it was too.</param>
internal sealed record Quantized(Distribution Inner, double Q, bool IsInteger, bool MinIsInteger = true) : Distribution("q_" + Inner.Name)
{
    public override long? GridCount =>
        Inner is Uniform range ? (long)Math.Min(1e18, Math.Max(0, Math.Ceiling((range.Max - range.Min) / Q))) : null;

    public override long? DrawCount => Inner.Ends.ToList() is [{ } low, { } high]
        ? (long)Math.Min(1e18, Multiple(high.AsReal()) - Multiple(low.AsReal()) + 1)
        : null;

    public override ParameterValue DrawValue(long index) => Of((Multiple(Inner.Ends.First()!.AsReal()) + index) * Q);

    public override IEnumerable<ParameterValue?> Ends => Inner.Ends.Select(end => end is null ? null : Round(end.AsReal()));

    public override ParameterValue At(double unit) => Round(Inner.At(unit).AsReal());

    public override ParameterValue GridValue(long index)
    {
        var value = ((Uniform)Inner).Min + (index * Q);
        return IsInteger && MinIsInteger ? ParameterValue.Of((long)value) : ParameterValue.Of(value);
    }

    private double Multiple(double value) => Math.Round(value / Q, MidpointRounding.ToEven);

    private ParameterValue Round(double value) => Of(Multiple(value) * Q);

    private ParameterValue Of(double rounded) =>
        IsInteger && Math.Abs(rounded) < 9e18 ? ParameterValue.Of((long)rounded) : ParameterValue.Of(rounded);
}
