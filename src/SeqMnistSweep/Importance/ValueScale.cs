namespace SeqMnistSweep.Importance;

/// <summary>Where a parameter's values lie: numbers between 0 and 1, on a logarithmic scale where they are drawn so; others by the index of
/// their category.</summary>
public sealed class ValueScale
{
    private readonly ImmutableArray<ParameterValue> _categories;
    private readonly double _low;
    private readonly double _high;

    private ValueScale(ImmutableArray<ParameterValue> categories, double low, double high, bool isLogarithmic) =>
        (_categories, _low, _high, IsLogarithmic) = (categories, low, high, isLogarithmic);

    /// <summary>How many there are; null for numbers.</summary>
    public int? Categories => _categories.IsDefault ? null : _categories.Length;

    /// <summary>Whether distances are those of logarithms.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>What lies at 0, and at the last category.</summary>
    public (ParameterValue First, ParameterValue Last) Ends => Categories is null
        ? (ParameterValue.Of(NumberAt(0)), ParameterValue.Of(NumberAt(1)))
        : (_categories[0], _categories[^1]);

    /// <summary>In their order; empty for numbers.</summary>
    public ImmutableArray<ParameterValue> Names => _categories.IsDefault ? [] : _categories;

    /// <param name="seen">Values of the parameter, one at least: they widen the scale where points were enqueued outside of the range, and
    /// make it where there is none.</param>
    public static ValueScale Of(Distribution distribution, IReadOnlyCollection<ParameterValue> seen)
    {
        ImmutableArray<ParameterValue> listed = distribution switch
        {
            Categorical list => list.Values,
            WeightedCategorical list => list.Values,
            Constant constant => [constant.Value],
            _ => [],
        };
        var inner = distribution is Quantized quantized ? quantized.Inner : distribution;
        if (!listed.IsEmpty || seen.Any(value => !value.IsNumber))
        {
            ImmutableArray<ParameterValue> all = [.. listed.Concat(seen).Distinct()];
            // Numbers of a list keep their order, whatever order they were written in.
            return new ValueScale(all.All(value => value.IsNumber) ? [.. all.OrderBy(value => value.AsReal())] : all, 0, 0, false);
        }

        var ends = inner is IntegerUniform or Uniform or LogUniform or InverseLogUniform or LogUniformValues or Beta
            ? inner.Ends.OfType<ParameterValue>().Select(end => end.AsReal())
            : [];
        var numbers = ends.Concat(seen.Select(value => value.AsReal())).ToList();
        var logarithmic = inner is LogUniform or InverseLogUniform or LogUniformValues or LogNormal
            && numbers.TrueForAll(number => number > 0);
        var placed = logarithmic ? numbers.ConvertAll(Math.Log) : numbers;
        return new ValueScale(default, placed.Min(), placed.Max(), logarithmic);
    }

    /// <summary>0 to 1 for a number, its index for a category.</summary>
    public double PositionOf(ParameterValue value)
    {
        if (Categories is not null) return Math.Max(0, _categories.IndexOf(value));

        var number = IsLogarithmic ? Math.Log(Math.Max(value.AsReal(), double.Epsilon)) : value.AsReal();
        return _high > _low ? Math.Clamp((number - _low) / (_high - _low), 0, 1) : 0.5;
    }

    /// <summary>The number that lies at a place between 0 and 1.</summary>
    public double NumberAt(double position)
    {
        var number = _low + (position * (_high - _low));
        return IsLogarithmic ? Math.Exp(number) : number;
    }
}
