namespace SeqMnistSweep.SearchSpaces;

/// <summary>A function that an expression may call.</summary>
/// <param name="Least">Arguments that it needs.</param>
/// <param name="Most">Arguments that it takes; <see cref="int.MaxValue"/> for any number.</param>
/// <param name="Apply">Its value of the arguments; the second is the offset of the call, for messages.</param>
public sealed record ExpressionFunction(string Name, int Least, int Most, Func<IReadOnlyList<ParameterValue>, int, ParameterValue> Apply)
{
    /// <summary>How many arguments it takes, in words.</summary>
    public string Arguments => Least == Most
        ? Least == 1 ? "1 argument" : $"{Least} arguments"
        : Most == int.MaxValue ? $"{Least} or more arguments" : $"{Least} to {Most} arguments";
}

/// <summary>The functions an expression may call. All take numbers.</summary>
internal static class ExpressionFunctions
{
    private static readonly ImmutableArray<ExpressionFunction> All =
    [
        new("min", 2, int.MaxValue, (v, _) => v.MinBy(x => x.AsReal())!),
        new("max", 2, int.MaxValue, (v, _) => v.MaxBy(x => x.AsReal())!),
        new("abs", 1, 1, (v, at) => v[0].AsReal() < 0 ? Arithmetic.Apply("-", ParameterValue.Of(0L), v[0], at) : v[0]),
        new("floor", 1, 1, (v, _) => Whole(v[0], Math.Floor)),
        new("ceil", 1, 1, (v, _) => Whole(v[0], Math.Ceiling)),
        new("round", 1, 2, Round),
        Real("log", Math.Log),
        Real("log2", Math.Log2),
        Real("sqrt", Math.Sqrt),
        Real("exp", Math.Exp),
    ];

    public static IEnumerable<string> Names => All.Select(function => function.Name);

    public static ExpressionFunction? Find(string name) => All.FirstOrDefault(function => function.Name == name);

    private static ExpressionFunction Real(string name, Func<double, double> apply) =>
        new(name, 1, 1, (v, at) => Arithmetic.Finite(apply(v[0].AsReal()), $"{name}({v[0]})", at, name.Length));

    /// <summary>Half to even, as Python; with digits the result is a real.</summary>
    private static ParameterValue Round(IReadOnlyList<ParameterValue> v, int at)
    {
        if (v.Count == 1) return Whole(v[0], x => Math.Round(x, MidpointRounding.ToEven));

        return v[1].Kind == ParameterKind.Integer && v[1].AsInteger() is >= 0 and <= 15
            ? ParameterValue.Of(Math.Round(v[0].AsReal(), (int)v[1].AsInteger(), MidpointRounding.ToEven))
            : throw new ExpressionException("round takes 0 to 15 digits", at, 5);
    }

    private static ParameterValue Whole(ParameterValue value, Func<double, double> apply)
    {
        if (value.Kind == ParameterKind.Integer) return value;

        var whole = apply(value.AsReal());
        return Math.Abs(whole) < 9e18 ? ParameterValue.Of((long)whole) : ParameterValue.Of(whole);
    }
}
