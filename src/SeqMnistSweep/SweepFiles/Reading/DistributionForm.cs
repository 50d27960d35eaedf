using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>How a distribution stands in the file.</summary>
/// <param name="Keys">The keys that it takes besides <c>distribution</c> and <c>when</c>.</param>
/// <param name="Read">Null where something is wrong.</param>
internal sealed record DistributionForm(ImmutableArray<string> Keys, Func<ParameterKeys, Distribution?> Read)
{
    /// <summary>Exponents of e beyond which 64-bit numbers end.</summary>
    private const double MaxExponent = 700;

    private static readonly ImmutableArray<string> List = ["values", "probabilities"];
    private static readonly ImmutableArray<string> Range = ["min", "max"];
    private static readonly ImmutableArray<string> Bell = ["mu", "sigma"];
    private static readonly ImmutableArray<string> Shapes = ["a", "b"];

    private static readonly Dictionary<string, DistributionForm> ByName = new(StringComparer.Ordinal)
    {
        ["constant"] = new(["value"], ReadConstant),
        ["categorical"] = new(List, keys => keys.Need("values") ? ReadList(keys) : null),
        ["categorical_w_probabilities"] = new(List, keys => keys.Need("values") && keys.Need("probabilities") ? ReadList(keys) : null),
        ["int_uniform"] = new(Range, ReadIntegers),
        ["uniform"] = new(Range, keys => ReadRange(keys) is var (min, max) ? new Uniform(min.Value!.AsReal(), max.Value!.AsReal()) : null),
        ["log_uniform"] = new(Range, keys => ReadExponents(keys, 1) is var (min, max) ? new LogUniform(min, max) : null),
        ["inv_log_uniform"] = new(Range, keys => ReadExponents(keys, -1) is var (min, max) ? new InverseLogUniform(min, max) : null),
        ["log_uniform_values"] = new(Range, ReadLogarithmic),
        ["inv_log_uniform_values"] = new(Range, ReadLogarithmic),
        ["normal"] = new(Bell, keys => ReadBell(keys) is var (mu, sigma) ? new Normal(mu, sigma) : null),
        ["log_normal"] = new(Bell, keys => ReadBell(keys) is var (mu, sigma) ? new LogNormal(mu, sigma) : null),
        ["beta"] = new(Shapes, ReadBeta),
    };

    /// <param name="name">One of <see cref="SweepKeys.Distributions"/>.</param>
    public static DistributionForm Of(string name) =>
        name.StartsWith("q_", StringComparison.Ordinal) ? Quantized(ByName[name[2..]]) : ByName[name];

    private static DistributionForm Quantized(DistributionForm inner) =>
        new([.. inner.Keys, "q"], keys => inner.Read(keys) is { } distribution ? ReadQuantized(keys, distribution) : null);

    private static Constant? ReadConstant(ParameterKeys keys)
    {
        if (!keys.Need("value")) return null;

        return keys.Values([keys.Section.Node("value")!]) is [var value] ? new Constant(value) : null;
    }

    private static Distribution? ReadList(ParameterKeys keys)
    {
        var nodes = keys.Section.Items("values");
        if (nodes.IsEmpty && keys.Section.Node("values") is FileList list)
        {
            keys.Bag.Error(DiagnosticCodes.NoValues, list.Span, $"'values' of '{keys.Key.Text}' is empty", help: "list at least one value");
        }

        var values = keys.Values(nodes);
        if (values.IsEmpty) return null;

        if (keys.Has("probabilities"))
        {
            return ReadProbabilities(keys, values.Length) is { } probabilities ? new WeightedCategorical(values, probabilities) : null;
        }

        return new Categorical(values);
    }

    private static ImmutableArray<double>? ReadProbabilities(ParameterKeys keys, int count)
    {
        var nodes = keys.Section.Items("probabilities");
        if (keys.Section.Node("probabilities") is not FileList list) return null;

        ImmutableArray<double> numbers = [.. nodes.OfType<FileScalar>().Where(node => node.Value?.IsNumber == true)
            .Select(node => node.Value!.AsReal())];
        var negative = numbers.FirstOrDefault(number => number < 0);
        var (at, problem, help) = numbers.Length != nodes.Length ? (
            nodes.First(node => node is not FileScalar { Value.IsNumber: true }).Span, "probabilities are numbers", null)
            : numbers.Length != count ? (list.Span, $"{numbers.Length} probabilities for {count} values", "give one for each value")
            : negative < 0 ? (nodes[numbers.IndexOf(negative)].Span, $"the probability {negative} is negative", null)
            : Math.Abs(numbers.Sum() - 1) > 1e-8 + 1e-5 ? (
                list.Span, $"the probabilities sum to {Math.Round(numbers.Sum(), 9)}, not 1", null)
            : (list.Span, "", (string?)null);
        if (problem.Length > 0)
        {
            keys.Bag.Error(DiagnosticCodes.Probabilities, at, problem, help: help);
        }

        return keys.HasFailed ? null : numbers;
    }

    private static IntegerUniform? ReadIntegers(ParameterKeys keys)
    {
        var (min, max) = (keys.Bound("min"), keys.Bound("max"));
        foreach (var bound in new[] { min, max }.OfType<FileScalar>().Where(bound => bound.Value!.Kind == ParameterKind.Real))
        {
            keys.Bag.Error(DiagnosticCodes.WrongType, bound.Span, $"'int_uniform' takes integers, not {bound.Text}",
                help: "write it without a point, or use distribution: uniform");
        }

        return !keys.HasFailed && keys.InOrder(min, max) ? new IntegerUniform(min!.Value!.AsInteger(), max!.Value!.AsInteger()) : null;
    }

    private static (FileScalar Min, FileScalar Max)? ReadRange(ParameterKeys keys)
    {
        var (min, max) = (keys.Bound("min"), keys.Bound("max"));
        if (!keys.InOrder(min, max)) return null;

        if (double.IsFinite(max!.Value!.AsReal() - min!.Value!.AsReal())) return (min, max);

        keys.Bag.Error(DiagnosticCodes.MinMax, min.Span, $"'{min.Text}' to '{max.Text}' is wider than 64-bit numbers reach",
            help: "draw the exponent, and compute the number from it in your program");
        return null;
    }

    private static LogUniformValues? ReadLogarithmic(ParameterKeys keys)
    {
        if (ReadRange(keys) is not var (min, max)) return null;

        if (min.Value!.AsReal() <= 0)
        {
            keys.Bag.Error(DiagnosticCodes.MinMax, min.Span, $"'min' ({min.Text}) must be above 0: a logarithm is taken",
                help: "give the smallest value above 0 that makes sense, such as 0.00001");
            return null;
        }

        return new LogUniformValues(min.Value.AsReal(), max.Value!.AsReal());
    }

    /// <param name="sign">Of the exponents.</param>
    private static (double Min, double Max)? ReadExponents(ParameterKeys keys, int sign)
    {
        var (min, max) = (keys.Bound("min"), keys.Bound("max"));
        var name = ((FileScalar)keys.Section.Node("distribution")!).Text;
        var example = min is null
            ? ""
            : $"; min {min.Text} means e^{(sign < 0 ? "-" : "")}{min.Text} = {Math.Exp(sign * min.Value!.AsReal()):G4}";
        keys.Bag.Warning(DiagnosticCodes.Exponents, keys.Section.SpanOf("distribution"),
            $"'distribution: {name}' takes exponents of e in W&B{example}", help: $"you probably want '{name}_values'");
        if (!keys.InOrder(min, max)) return null;

        var ends = (Min: min!.Value!.AsReal(), Max: max!.Value!.AsReal());
        if (Math.Max(Math.Abs(ends.Min), Math.Abs(ends.Max)) > MaxExponent)
        {
            keys.Bag.Error(DiagnosticCodes.MinMax, min.Span, $"e^{min.Text} .. e^{max.Text} is beyond 64-bit numbers",
                help: "min and max are exponents of e here; for values use log_uniform_values");
            return null;
        }

        return ends;
    }

    private static (double Mu, double Sigma)? ReadBell(ParameterKeys keys)
    {
        var (mu, sigma) = (keys.Section.Real("mu"), keys.Section.Real("sigma"));
        if (sigma < 0)
        {
            keys.Bag.Error(DiagnosticCodes.Shape, keys.Section.SpanOf("sigma"), $"'sigma' ({sigma}) must be 0 or more");
        }

        return keys.HasFailed ? null : (mu ?? 0, sigma ?? 1);
    }

    private static Beta? ReadBeta(ParameterKeys keys)
    {
        var shapes = Shapes.Select(name => (Name: name, Value: keys.Section.Real(name))).ToList();
        foreach (var (name, value) in shapes.Where(shape => shape.Value is <= 0 or > 1e6))
        {
            keys.Bag.Error(DiagnosticCodes.Shape, keys.Section.SpanOf(name), $"'{name}' ({value}) must be above 0 and at most 1000000");
        }

        return keys.HasFailed ? null : new Beta(shapes[0].Value ?? 1, shapes[1].Value ?? 1);
    }

    private static Quantized? ReadQuantized(ParameterKeys keys, Distribution inner)
    {
        var q = keys.Section.Real("q");
        if (q <= 0)
        {
            keys.Bag.Error(
                DiagnosticCodes.Shape, keys.Section.SpanOf("q"), $"'q' ({q}) must be above 0", help: "q is the step between two values");
        }

        return keys.HasFailed ? null : new Quantized(inner, q ?? 1.0, keys.IsInteger("q"), keys.IsInteger("min"));
    }
}
