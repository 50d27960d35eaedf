using System.Globalization;
using System.Text;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Tests.Sampling;

/// <summary>Sweep files with parameters of all kinds, conditions, zips and rules, made from a seed; and whether a point keeps to one.</summary>
internal static class RandomSpace
{
    /// <summary>The <c>parameters</c>, <c>zip</c> and <c>constraints</c> of a file, in flow style.</summary>
    public static string Of(int seed, bool finite)
    {
        var random = new Random(seed);
        var text = new StringBuilder("parameters:\n");
        text.Append("  choice: {values: [left, middle, right]}\n");
        text.Append("  size: {values: [16, 32, 64, 64, 128]}\n");
        var count = random.Next(1, 5);
        for (var i = 0; i < count; i++)
        {
            var kind = random.Next(finite ? 4 : 12);
            var low = random.Next(-5, 5);
            var body = kind switch
            {
                0 => string.Create(CultureInfo.InvariantCulture, $"min: {low}, max: {low + random.Next(1, 9)}"),
                1 => "values: [true, false]",
                2 => "values: [0.1, 0.001, 10, 1]",
                3 => string.Create(CultureInfo.InvariantCulture, $"distribution: q_uniform, min: {low}, max: {low + 20}, q: 4"),
                4 => "min: 0.0, max: 0.5",
                5 => "distribution: log_uniform_values, min: 0.00001, max: 0.1",
                6 => "distribution: q_log_uniform_values, min: 1, max: 1000, q: 1",
                7 => "distribution: normal, mu: 1, sigma: 2",
                8 => "distribution: inv_log_uniform_values, min: 0.01, max: 1",
                9 => "values: [a, b, c], probabilities: [0.7, 0.3, 0]",
                10 => "min: 0, max: 100000",
                _ => "distribution: beta, a: 2, b: 5",
            };
            var when = random.Next(3) == 0 ? ", when: {choice: [left, middle]}" : "";
            text.Append(CultureInfo.InvariantCulture, $"  p{i}: {{{body}{when}}}\n");
        }

        if (random.Next(2) == 0)
        {
            text.Append("  z0: {values: [1, 2, 3]}\n  z1: {values: [x, y, z]}\nzip: [[z0, z1]]\n");
        }

        if (random.Next(2) == 0)
        {
            text.Append("constraints: [{require: size < 128 or choice == 'left'}]\n");
        }

        return text.ToString();
    }

    /// <summary>What is wrong with a point of the space; null for nothing. The grid of a q_uniform has other steps than its draws.</summary>
    public static string? Fault(SearchSpace space, ParameterSet point, bool isGrid)
    {
        if (space.Check(point) is { } violation)
        {
            return violation.Message;
        }

        foreach (var dimension in space.Dimensions)
        {
            var isActive = dimension.When is null || dimension.When.Terms.All(term => point[term.Name] is { } value && term.AnyOf.Contains(value));
            if (isActive != point.TryGetValue(dimension.Name, out var given))
            {
                return $"{dimension.Name} is {(isActive ? "missing" : "there, and inactive")}";
            }

            if (isActive && !CanDraw(dimension.Distribution, given!, isGrid))
            {
                return $"{dimension.Name} cannot be {given}";
            }
        }

        var z0 = point["z0"];
        return z0 is not null && point["z1"]!.AsText() != new[] { "x", "y", "z" }[z0.AsInteger() - 1] ? "z0 and z1 do not move together" : null;
    }

    private static bool CanDraw(Distribution distribution, ParameterValue value, bool isGrid) => distribution switch
    {
        Constant constant => constant.Value.Equals(value),
        Categorical list => list.Values.Contains(value),
        WeightedCategorical list => list.Values.Zip(list.Probabilities).Any(pair => pair.First.Equals(value) && pair.Second > 0),
        IntegerUniform range => value.Kind == ParameterKind.Integer && value.AsInteger() >= range.Min && value.AsInteger() <= range.Max,
        Quantized { Inner: Uniform range } steps when isGrid => (value.AsReal() - range.Min) % steps.Q == 0 && value.AsReal() >= range.Min && value.AsReal() < range.Max,
        Quantized steps => value.Kind == ParameterKind.Integer && value.AsReal() % steps.Q == 0 && value.AsReal() >= steps.At(0).AsReal() && value.AsReal() <= steps.At(1 - 1e-16).AsReal(),
        Normal => double.IsFinite(value.AsReal()),
        _ => distribution.Ends.ToList() is [{ } low, { } high] && value.AsReal() >= low.AsReal() * (1 - 1e-12) && value.AsReal() <= high.AsReal() * (1 + 1e-12),
    };
}
