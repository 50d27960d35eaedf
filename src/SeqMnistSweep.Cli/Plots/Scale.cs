namespace SeqMnistSweep.Cli.Plots;

/// <summary>Numbers on the unit interval.</summary>
internal readonly record struct Scale(double Low, double High)
{
    /// <summary>From the smallest to the largest of the finite ones; around the only one.</summary>
    public static Scale Of(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToList();
        return finite.Count == 0 ? new Scale(0, 1)
            : finite.Max() > finite.Min() ? new Scale(finite.Min(), finite.Max())
            : new Scale(
                finite[0] - (finite[0] == 0 ? 1 : Math.Abs(finite[0]) / 10), finite[0] + (finite[0] == 0 ? 1 : Math.Abs(finite[0]) / 10));
    }

    public double PositionOf(double value) => (value - Low) / (High - Low);
}
