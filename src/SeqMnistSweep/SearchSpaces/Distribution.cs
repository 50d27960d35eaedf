namespace SeqMnistSweep.SearchSpaces;

/// <summary>How one parameter is drawn. Every kind means what it does in W&amp;B Sweeps (params.py); nothing is clipped.</summary>
/// <param name="Name">The name in the file's <c>distribution</c>.</param>
public abstract record Distribution(string Name)
{
    /// <summary>Whether it can give two different values.</summary>
    public virtual bool Varies => true;

    /// <summary>Distinct values that a grid tries, in its order; null when the range is continuous.</summary>
    public virtual long? GridCount => null;

    /// <summary>The values of a list as written, a constant's one; default for a range.</summary>
    public virtual ImmutableArray<ParameterValue> Listed => default;

    /// <summary>Values that must be acceptable if all are: each one of a list, both ends of a range. Null for an infinite end.</summary>
    public abstract IEnumerable<ParameterValue?> Ends { get; }

    /// <summary>The quantile function: the value at <paramref name="unit"/> in [0, 1).</summary>
    public abstract ParameterValue At(double unit);

    /// <param name="index">From 0 to below <see cref="GridCount"/>.</param>
    /// <exception cref="NotSupportedException">The range is continuous.</exception>
    public virtual ParameterValue GridValue(long index) => throw new NotSupportedException($"{Name} is continuous");

    /// <summary>Distinct values that a draw can give; null when the range is continuous.</summary>
    public virtual long? DrawCount => GridCount;

    /// <param name="index">From 0 to below <see cref="DrawCount"/>.</param>
    /// <exception cref="NotSupportedException">The range is continuous.</exception>
    public virtual ParameterValue DrawValue(long index) => GridValue(index);

    /// <summary>Both ends of a range, null for an infinite one.</summary>
    protected static IEnumerable<ParameterValue?> Between(double low, double high) => [Finite(low), Finite(high)];

    private static ParameterValue? Finite(double value) => double.IsFinite(value) ? ParameterValue.Of(value) : null;
}

/// <summary>One value, always.</summary>
internal sealed record Constant(ParameterValue Value) : Distribution("constant")
{
    public override bool Varies => false;

    public override long? GridCount => 1;

    public override ImmutableArray<ParameterValue> Listed => [Value];

    public override IEnumerable<ParameterValue?> Ends => [Value];

    public override ParameterValue At(double unit) => Value;

    public override ParameterValue GridValue(long index) => Value;
}

/// <summary>Uniform over the list as written, so a value that occurs twice is drawn twice as often; a grid tries it once.</summary>
internal sealed record Categorical(ImmutableArray<ParameterValue> Values) : Distribution("categorical")
{
    private readonly ImmutableArray<ParameterValue> _distinct = [.. Values.Distinct()];

    public override bool Varies => _distinct.Length > 1;

    public override long? GridCount => _distinct.Length;

    public override ImmutableArray<ParameterValue> Listed => Values;

    public override IEnumerable<ParameterValue?> Ends => Values;

    public override ParameterValue At(double unit) => Values[Math.Min((int)(unit * Values.Length), Values.Length - 1)];

    public override ParameterValue GridValue(long index) => _distinct[(int)index];
}

/// <summary>By cumulative sum. As in W&amp;B a grid does not take it.</summary>
/// <param name="Probabilities">One for each value, none negative, sum 1.</param>
internal sealed record WeightedCategorical(ImmutableArray<ParameterValue> Values, ImmutableArray<double> Probabilities)
    : Distribution("categorical_w_probabilities")
{
    private readonly ImmutableArray<ParameterValue> _drawn =
        [.. Values.Zip(Probabilities).Where(pair => pair.Second > 0).Select(pair => pair.First).Distinct()];

    public override long? DrawCount => _drawn.Length;

    public override ParameterValue DrawValue(long index) => _drawn[(int)index];

    public override ImmutableArray<ParameterValue> Listed => Values;

    public override IEnumerable<ParameterValue?> Ends => Values;

    public override ParameterValue At(double unit)
    {
        var sum = 0.0;
        for (var i = 0; i < Values.Length; i++)
        {
            sum += Probabilities[i];
            if (unit < sum) return Values[i];
        }

        // The sum may fall short of 1 by rounding; a value of probability 0 is never drawn.
        return Values[Probabilities.Select((p, i) => (p, i)).Last(pair => pair.p > 0).i];
    }
}

/// <summary>Integers, both ends included.</summary>
internal sealed record IntegerUniform(long Min, long Max) : Distribution("int_uniform")
{
    public override bool Varies => Min < Max;

    public override long? GridCount => (long)Int128.Min((Int128)Max - Min + 1, long.MaxValue);

    public override IEnumerable<ParameterValue?> Ends => [ParameterValue.Of(Min), ParameterValue.Of(Max)];

    public override ParameterValue At(double unit) =>
        ParameterValue.Of((long)Int128.Min(Max, Min + (Int128)Math.Floor(unit * ((double)Max - Min + 1))));

    public override ParameterValue GridValue(long index) => ParameterValue.Of(Min + index);
}
