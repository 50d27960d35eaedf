namespace SeqMnistSweep.Sampling;

/// <summary>The smallest change of one integer parameter that makes an infeasible point feasible: what a person is told to allow.</summary>
internal static class NearestFeasible
{
    private const int MaxSteps = 64;

    /// <summary>At most two proposals such as <c>levels 7 (1525 at kernel_size=7)</c>, the smallest step first.</summary>
    public static IReadOnlyList<string> Of(SearchSpace space, int rule, Candidate point) => GridParts
        .ParametersOf(space, space.Constraints[rule].Require.Names.Select(name => name.Name))
        .Select(space.IndexOf)
        .Where(index => index >= 0 && point.IsActive(index) && point[index]?.Kind == ParameterKind.Integer)
        .Order()
        .Select(index => Change(space, rule, point, index))
        .Where(change => change.Text is not null)
        .OrderBy(change => change.Steps)
        .Take(2)
        .Select(change => change.Text!)
        .ToList();

    /// <summary>The parameters a rule speaks of, as <c>levels=6 kernel_size=7</c>.</summary>
    public static string Describe(SearchSpace space, int rule, Candidate point, int? without = null) => string.Join(' ', GridParts
        .ParametersOf(space, space.Constraints[rule].Require.Names.Select(name => name.Name))
        .Where(name => space.IndexOf(name) >= 0 && space.IndexOf(name) != without && point.IsActive(space.IndexOf(name)))
        .OrderBy(space.IndexOf)
        .Select(name => $"{name}={point.Lookup(name)}"));

    private static (int Steps, string? Text) Change(SearchSpace space, int rule, Candidate point, int index)
    {
        var original = point[index]!;
        var dimension = space.Dimensions[index];
        var parameter = space.Trainable.Find(dimension.Name);
        var step = StepOf(dimension.Distribution);
        try
        {
            for (var steps = 1; steps <= MaxSteps; steps++)
            {
                foreach (var sign in new[] { 1, -1 })
                {
                    var value = ParameterValue.Of(original.AsInteger() + (sign * steps * step));
                    point[index] = value;
                    if (parameter?.IsAccepted(value) == false || point.Rules().FirstViolation() is not null)
                    {
                        continue;
                    }

                    var left = point.Rules().Margin(rule)?.Left;
                    var others = Describe(space, rule, point, index);
                    var at = others.Length > 0 ? " at " + others : "";
                    return (steps, $"{dimension.Name} {value}" + (left is null ? at : $" ({left}{at})"));
                }
            }

            return (MaxSteps, null);
        }
        finally
        {
            point[index] = original;
        }
    }

    /// <summary>The smallest distance between two of its values, so that odd kernels stay odd; 1 for anything else.</summary>
    private static long StepOf(Distribution distribution)
    {
        if (distribution is Quantized { IsInteger: true } quantized) return Math.Max(1, (long)quantized.Q);

        if (distribution is not Categorical { Values.Length: > 1 } list
            || list.Values.Any(value => value.Kind != ParameterKind.Integer || Math.Abs(value.AsReal()) > 1e9))
        {
            return 1;
        }

        var sorted = list.Values.Select(value => value.AsInteger()).Distinct().Order().ToList();
        return sorted.Count < 2 ? 1 : sorted.Zip(sorted.Skip(1), (a, b) => b - a).Min();
    }
}
