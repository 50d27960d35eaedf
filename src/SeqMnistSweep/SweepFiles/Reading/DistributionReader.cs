using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>One parameter's keys to its distribution, by W&amp;B's rules: the kind follows from keys and spelling of numbers.</summary>
internal static class DistributionReader
{
    /// <summary>Null when something is wrong, which is in the bag then.</summary>
    public static Distribution? Read(ParameterKeys keys)
    {
        if ((keys.Has("distribution") ? keys.Section.Choice("distribution") : Inferred(keys)) is not { } kind)
        {
            return null;
        }

        var form = DistributionForm.Of(kind);
        foreach (var entry in keys.Known.Where(entry => !form.Keys.Contains(entry.Name)
            && entry.Name is not ("distribution" or "when") && !(entry.Name is "default" or "prior" && kind != "constant")))
        {
            keys.Bag.Error(DiagnosticCodes.Contradiction, entry.Key.Span, $"'{entry.Name}' does not go with '{kind}'",
                help: $"{kind} takes {string.Join(", ", form.Keys)}");
        }

        var distribution = form.Read(keys);
        CheckFinite(keys, distribution);
        WarnOfZeroOrOne(keys, distribution);
        WarnOfSteps(keys, distribution);
        if (keys.IsGrid && distribution is not null && !keys.HasFailed)
        {
            CheckGrid(keys, distribution);
        }

        return keys.HasFailed ? null : distribution;
    }

    private static string? Inferred(ParameterKeys keys)
    {
        var (key, bag) = (keys.Key, keys.Bag);
        if (keys.Has("value", "values")) return keys.Has("value") ? "constant" : "categorical";

        if (!keys.Has("min", "max"))
        {
            var wanted = keys.Has("mu", "sigma", "a", "b", "q") ? "needs a 'distribution'" : "needs a value, values, or min and max";
            bag.Error(DiagnosticCodes.Missing, key.Span, $"the parameter '{key.Text}' {wanted}",
                help: $"for example {key.Text}: {{values: [...]}}");
            return null;
        }

        if (keys.Has("q"))
        {
            // W&B has no such inference; min, max and q can mean one thing only, but the user has to say it.
            bag.Error(DiagnosticCodes.Missing, key.Span, $"the parameter '{key.Text}' has a 'q' but no 'distribution'",
                help: "add distribution: q_uniform");
            return null;
        }

        return IsIntegerOrAbsent("min") && IsIntegerOrAbsent("max") ? "int_uniform" : "uniform";

        bool IsIntegerOrAbsent(string name) => !keys.Has(name) || keys.IsInteger(name);
    }

    /// <summary>Every draw of 64 bits is a number: a wide bell or a tiny step may lead beyond.</summary>
    private static void CheckFinite(ParameterKeys keys, Distribution? distribution)
    {
        if (distribution is not { Listed.IsDefault: true }) return;

        if (new[] { double.BitIncrement(0), double.BitDecrement(1) }.Any(unit => !double.IsFinite(distribution.At(unit).AsReal())))
        {
            keys.Bag.Error(DiagnosticCodes.Shape, keys.Key.Span, $"'{keys.Key.Text}' can be drawn beyond 64-bit numbers",
                help: "choose a smaller range or spread, or a larger q");
        }
    }

    private static void WarnOfZeroOrOne(ParameterKeys keys, Distribution? distribution)
    {
        if (distribution is IntegerUniform { Min: 0, Max: 1 } && !keys.Has("distribution"))
        {
            keys.Bag.Warning(DiagnosticCodes.ZeroOrOne, keys.Section.SpanOf("min"),
                $"'{keys.Key.Text}' is 0 or 1, nothing between: both ends are written as integers",
                help: "write 0.0 and 1.0 for any number between; or distribution: int_uniform to say that you mean it");
        }
    }

    /// <summary>What W&amp;B does with steps and few expect.</summary>
    private static void WarnOfSteps(ParameterKeys keys, Distribution? distribution)
    {
        if (keys.HasFailed || distribution is not Quantized { Inner: Uniform range } quantized) return;

        if (keys.IsGrid)
        {
            if (((range.Max - range.Min) / quantized.Q) is var steps && steps == Math.Round(steps))
            {
                keys.Bag.Warning(DiagnosticCodes.MaxLeftOut, keys.Section.SpanOf("max"),
                    $"the grid of '{keys.Key.Text}' ends before {range.Max:R}: a grid over q_uniform leaves 'max' out, as in W&B",
                    help: $"write max: {range.Max + quantized.Q:R} to have it tried");
            }

            return;
        }

        var drawn = quantized.Ends.Select(end => end!.AsReal()).ToList();
        if (drawn[0] < range.Min || drawn[1] > range.Max)
        {
            var outside = drawn[0] < range.Min ? drawn[0] : drawn[1];
            keys.Bag.Warning(
                DiagnosticCodes.OutsideRange, keys.Section.SpanOf("q"),
                $"'{keys.Key.Text}' can be {outside:R}, outside of its range: values are rounded to multiples of q and not clipped, as in "
                    + "W&B",
                help: "let min and max be multiples of q");
        }
    }

    private static void CheckGrid(ParameterKeys keys, Distribution distribution)
    {
        var (name, section, bag) = (keys.Key.Text, keys.Section, keys.Bag);
        if (distribution is WeightedCategorical)
        {
            bag.Error(DiagnosticCodes.Contradiction, section.Find("probabilities")!.Key.Span,
                "'grid' tries every value once and takes no 'probabilities'", help: "remove them, or use method: random");
        }
        else if (distribution.GridCount is null)
        {
            bag.Error(
                DiagnosticCodes.ContinuousGrid, section.SpanOf(keys.Has("distribution") ? "distribution" : "min"),
                $"'grid' cannot enumerate the range of '{name}'", $"{distribution.Name} is continuous",
                distribution is Uniform range
                    ? $"give a step: {name}: {{distribution: q_uniform, min: {range.Min}, max: {range.Max}, q: "
                        + $"{(range.Max - range.Min) / 10:G3}}}, or list the values, or use method: random"
                    : $"list the values: {name}: {{values: [...]}}, or step with q_uniform and q, or use method: random");
        }
    }
}
