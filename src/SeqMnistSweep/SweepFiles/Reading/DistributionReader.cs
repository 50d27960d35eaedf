using System.Collections.Immutable;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SearchSpaces.Distributions;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>One parameter's keys to its distribution, by W&amp;B's rules: the kind is inferred from the keys and from how the numbers are spelled.</summary>
internal sealed class DistributionReader(Section section, FileMap map, FileScalar key, bool isGrid, DiagnosticBag bag)
{
    private static readonly Dictionary<string, string[]> KeysOf = new(StringComparer.Ordinal)
    {
        ["constant"] = ["value"],
        ["categorical"] = ["values", "probabilities"],
        ["categorical_w_probabilities"] = ["values", "probabilities"],
        ["int_uniform"] = ["min", "max"],
        ["normal"] = ["mu", "sigma"],
        ["log_normal"] = ["mu", "sigma"],
        ["beta"] = ["a", "b"],
    };

    private bool _failed;

    /// <summary>Null when something is wrong, which is in the bag then.</summary>
    public Distribution? Read()
    {
        var kind = section.Find("distribution") is null ? Inferred() : section.Choice("distribution");
        if (kind is null)
        {
            return null;
        }

        var isQuantized = kind.StartsWith("q_", StringComparison.Ordinal);
        var inner = isQuantized ? kind[2..] : kind;
        var allowed = KeysOf.GetValueOrDefault(inner, ["min", "max"]);
        foreach (var entry in map.Entries.Where(entry => SweepKeys.Find($"{SweepKeys.Parameter}.{entry.Name}") is not null))
        {
            if (entry.Name is not ("distribution" or "when") && !allowed.Contains(entry.Name) && !(isQuantized && entry.Name == "q"))
            {
                Fail(DiagnosticCodes.Contradiction, entry.Key.Span, $"'{entry.Name}' does not go with '{kind}'", help: $"{kind} takes {string.Join(", ", allowed)}{(isQuantized ? ", q" : "")}");
            }
        }

        Distribution? distribution = inner switch
        {
            "constant" => ReadConstant(),
            "categorical" or "categorical_w_probabilities" => ReadList(inner),
            "int_uniform" => ReadIntegers(),
            "normal" or "log_normal" => ReadNormal(inner),
            "beta" => ReadBeta(),
            _ => ReadRange(inner),
        };
        if (distribution is not null && isQuantized)
        {
            distribution = ReadQuantized(distribution);
        }

        WarnOfTraps(distribution);

        if (isGrid && distribution is not null && !_failed)
        {
            CheckGrid(distribution);
        }

        return _failed ? null : distribution;
    }

    private string? Inferred()
    {
        if (section.Find("value") is not null)
        {
            return "constant";
        }

        if (section.Find("values") is not null)
        {
            return "categorical";
        }

        if (section.Find("min") is null && section.Find("max") is null)
        {
            var wanted = map.Entries.Any(entry => entry.Name is "mu" or "sigma" or "a" or "b" or "q") ? "needs a 'distribution'" : "needs a value, values, or min and max";
            Fail(DiagnosticCodes.Missing, key.Span, $"the parameter '{key.Text}' {wanted}", help: $"for example {key.Text}: {{values: [...]}}");
            return null;
        }

        if (section.Find("q") is not null)
        {
            // W&B has no such inference; min, max and q can mean one thing only, but the user has to say it.
            Fail(DiagnosticCodes.Missing, key.Span, $"the parameter '{key.Text}' has a 'q' but no 'distribution'", help: "add distribution: q_uniform");
            return null;
        }

        return map.Entries.Where(entry => entry.Name is "min" or "max").All(entry => entry.Value is FileScalar { Value.Kind: ParameterKind.Integer }) ? "int_uniform" : "uniform";
    }

    private Constant? ReadConstant()
    {
        if (!Need("value"))
        {
            return null;
        }

        return Value(section.Node("value")!) is { } value ? new Constant(value) : null;
    }

    private Distribution? ReadList(string kind)
    {
        if (!Need("values") || (kind == "categorical_w_probabilities" && !Need("probabilities")))
        {
            return null;
        }

        var nodes = section.Items("values");
        if (nodes.IsEmpty)
        {
            if (section.Node("values") is FileList list)
            {
                bag.Error(DiagnosticCodes.NoValues, list.Span, $"'values' of '{key.Text}' is empty", help: "list at least one value");
            }

            return null;
        }

        var values = nodes.Select(Value).ToList();
        if (values.Contains(null))
        {
            return null;
        }

        if (section.Find("probabilities") is not null)
        {
            return ReadProbabilities([.. values!]);
        }

        if (isGrid)
        {
            var seen = new HashSet<ParameterValue>();
            foreach (var (node, value) in nodes.Zip(values))
            {
                if (!seen.Add(value!))
                {
                    bag.Warning(DiagnosticCodes.Repeated, node.Span, $"the value {value} occurs twice; the grid tries it once");
                }
            }
        }

        return new Categorical([.. values!]);
    }

    private WeightedCategorical? ReadProbabilities(ImmutableArray<ParameterValue> values)
    {
        var nodes = section.Items("probabilities");
        var at = section.SpanOf("probabilities");
        var numbers = nodes.OfType<FileScalar>().Where(node => node.Value?.IsNumber == true).Select(node => node.Value!.AsReal()).ToList();
        if (section.Node("probabilities") is not FileList)
        {
            _failed = true;
        }
        else if (numbers.Count != nodes.Length)
        {
            Fail(DiagnosticCodes.Probabilities, nodes.First(node => node is not FileScalar { Value.IsNumber: true }).Span, "probabilities are numbers");
        }
        else if (numbers.Count != values.Length)
        {
            Fail(DiagnosticCodes.Probabilities, at, $"{numbers.Count} probabilities for {values.Length} values", help: "give one for each value");
        }
        else if (numbers.FindIndex(number => number < 0) is var negative and >= 0)
        {
            Fail(DiagnosticCodes.Probabilities, nodes[negative].Span, $"the probability {numbers[negative]} is negative");
        }
        else if (Math.Abs(numbers.Sum() - 1) > 1e-8 + 1e-5)
        {
            Fail(DiagnosticCodes.Probabilities, at, $"the probabilities sum to {Math.Round(numbers.Sum(), 9)}, not 1");
        }

        return _failed ? null : new WeightedCategorical(values, [.. numbers]);
    }

    private IntegerUniform? ReadIntegers()
    {
        var min = Bound("min");
        var max = Bound("max");
        foreach (var bound in new[] { min, max })
        {
            if (bound?.Value!.Kind == ParameterKind.Real)
            {
                Fail(DiagnosticCodes.WrongType, bound.Span, $"'int_uniform' takes integers, not {bound.Text}", help: "write it without a point, or use distribution: uniform");
            }
        }

        return !_failed && InOrder(min, max) ? new IntegerUniform(min!.Value!.AsInteger(), max!.Value!.AsInteger()) : null;
    }

    private Distribution? ReadRange(string kind)
    {
        var minNode = Bound("min");
        var maxNode = Bound("max");
        if (kind is "log_uniform" or "inv_log_uniform")
        {
            WarnOfExponents(minNode);
        }

        if (!InOrder(minNode, maxNode))
        {
            return null;
        }

        var (min, max) = (minNode!.Value!.AsReal(), maxNode!.Value!.AsReal());
        if (kind.EndsWith("_values", StringComparison.Ordinal) && min <= 0)
        {
            Fail(DiagnosticCodes.MinMax, minNode.Span, $"'min' ({minNode.Text}) must be above 0: a logarithm is taken", help: "give the smallest value above 0 that makes sense, such as 0.00001");
            return null;
        }

        if (kind.Contains("log", StringComparison.Ordinal) && !kind.EndsWith("_values", StringComparison.Ordinal) && (Math.Max(Math.Abs(min), Math.Abs(max)) > 700))
        {
            Fail(DiagnosticCodes.MinMax, minNode.Span, $"e^{minNode.Text} .. e^{maxNode.Text} is beyond 64-bit numbers", help: "min and max are exponents of e here; for values use log_uniform_values");
            return null;
        }

        return kind switch
        {
            "uniform" => new Uniform(min, max),
            "log_uniform" => new LogUniform(min, max),
            "inv_log_uniform" => new InverseLogUniform(min, max),
            _ => new LogUniformValues(min, max),
        };
    }

    private void WarnOfExponents(FileScalar? min)
    {
        var name = (section.Node("distribution") as FileScalar)?.Text;
        var sign = name!.Contains("inv", StringComparison.Ordinal) ? "-" : "";
        var example = min?.Value is { } value ? $"; min {min.Text} means e^{sign}{min.Text} = {Math.Exp(sign.Length > 0 ? -value.AsReal() : value.AsReal()):G4}" : "";
        bag.Warning(DiagnosticCodes.Exponents, section.SpanOf("distribution"), $"'distribution: {name}' takes exponents of e in W&B{example}", help: $"you probably want '{name}_values'");
    }

    private Distribution? ReadNormal(string kind)
    {
        var mu = section.Real("mu");
        var sigma = section.Real("sigma");
        _failed |= (mu is null && section.Find("mu") is not null) || (sigma is null && section.Find("sigma") is not null);
        if (sigma < 0)
        {
            Fail(DiagnosticCodes.Shape, section.SpanOf("sigma"), $"'sigma' ({sigma}) must be 0 or more");
        }

        return _failed ? null : kind == "normal" ? new Normal(mu ?? 0, sigma ?? 1) : new LogNormal(mu ?? 0, sigma ?? 1);
    }

    private Beta? ReadBeta()
    {
        foreach (var shape in new[] { "a", "b" })
        {
            var value = section.Real(shape);
            _failed |= value is null && section.Find(shape) is not null;
            if (value is <= 0 or > 1e6)
            {
                Fail(DiagnosticCodes.Shape, section.SpanOf(shape), $"'{shape}' ({value}) must be above 0 and at most 1000000");
            }
        }

        return _failed ? null : new Beta(section.Real("a") ?? 1, section.Real("b") ?? 1);
    }

    private Quantized? ReadQuantized(Distribution inner)
    {
        var q = section.Real("q");
        _failed |= q is null && section.Find("q") is not null;
        if (q <= 0)
        {
            Fail(DiagnosticCodes.Shape, section.SpanOf("q"), $"'q' ({q}) must be above 0", help: "q is the step between two values");
        }

        return _failed ? null : new Quantized(inner, q ?? 1.0, IsInteger("q"), IsInteger("min"));
    }

    /// <summary>What W&amp;B does with these keys and few expect.</summary>
    private void WarnOfTraps(Distribution? distribution)
    {
        if (distribution is IntegerUniform { Min: 0, Max: 1 } && section.Find("distribution") is null)
        {
            bag.Warning(DiagnosticCodes.ZeroOrOne, section.SpanOf("min"), $"'{key.Text}' is 0 or 1, nothing between: both ends are written as integers", help: "write 0.0 and 1.0 for any number between; or distribution: int_uniform to say that you mean it");
        }

        if (distribution is not Quantized { Inner: Uniform range } quantized)
        {
            return;
        }

        if (isGrid)
        {
            if (((range.Max - range.Min) / quantized.Q) is var steps && steps == Math.Round(steps))
            {
                bag.Warning(DiagnosticCodes.MaxLeftOut, section.SpanOf("max"), $"the grid of '{key.Text}' ends before {range.Max:R}: a grid over q_uniform leaves 'max' out, as in W&B", help: $"write max: {range.Max + quantized.Q:R} to have it tried");
            }

            return;
        }

        var drawn = quantized.Ends.Select(end => end!.AsReal()).ToList();
        if (drawn[0] < range.Min || drawn[1] > range.Max)
        {
            bag.Warning(DiagnosticCodes.OutsideRange, section.SpanOf("q"), $"'{key.Text}' can be {(drawn[0] < range.Min ? drawn[0] : drawn[1]):R}, outside of its range: values are rounded to multiples of q and not clipped, as in W&B", help: "let min and max be multiples of q");
        }
    }

    private bool IsInteger(string name) => section.Node(name) is FileScalar { Value.Kind: ParameterKind.Integer };

    private void CheckGrid(Distribution distribution)
    {
        if (distribution is WeightedCategorical)
        {
            Fail(DiagnosticCodes.Contradiction, map.Find("probabilities")!.Key.Span, "'grid' tries every value once and takes no 'probabilities'", help: "remove them, or use method: random");
        }
        else if (distribution.GridCount is null)
        {
            var at = section.Find("distribution") is null ? section.SpanOf("min") : section.SpanOf("distribution");
            Fail(
                DiagnosticCodes.ContinuousGrid, at, $"'grid' cannot enumerate the range of '{key.Text}'", $"{distribution.Name} is continuous",
                distribution is Uniform range
                    ? $"give a step: {key.Text}: {{distribution: q_uniform, min: {range.Min}, max: {range.Max}, q: {(range.Max - range.Min) / 10:G3}}}, or list the values, or use method: random"
                    : $"list the values: {key.Text}: {{values: [...]}}, or step with q_uniform and q, or use method: random");
        }
    }

    private FileScalar? Bound(string name)
    {
        if (!Need(name))
        {
            return null;
        }

        _failed |= section.Real(name) is null;
        return section.Node(name) as FileScalar is { Value.IsNumber: true } scalar ? scalar : null;
    }

    private bool InOrder(FileScalar? min, FileScalar? max)
    {
        if (min is null || max is null)
        {
            return false;
        }

        if (min.Value!.AsReal() < max.Value!.AsReal())
        {
            return true;
        }

        var equal = min.Value.AsReal() == max.Value.AsReal();
        Fail(
            DiagnosticCodes.MinMax, min.Span, $"'min' ({min.Text}) {(equal ? "equals" : "is greater than")} 'max' ({max.Text})",
            help: equal ? $"for one value write {key.Text}: {{value: {min.Text}}}" : "swap them");
        return false;
    }

    private bool Need(string name)
    {
        if (section.Find(name) is not null)
        {
            return true;
        }

        Fail(DiagnosticCodes.Missing, key.Span, $"the parameter '{key.Text}' lacks '{name}'", help: SweepKeys.Find($"{SweepKeys.Parameter}.{name}")!.Example);
        return false;
    }

    private ParameterValue? Value(FileNode node)
    {
        if (node.ToValue() is { } value)
        {
            return value;
        }

        Fail(DiagnosticCodes.WrongType, node.Span, $"a value of '{key.Text}' is infinite or not a number", help: "parameters are finite");
        return null;
    }

    private void Fail(string code, SourceSpan at, string message, string? label = null, string? help = null)
    {
        _failed = true;
        bag.Error(code, at, message, label, help);
    }
}
