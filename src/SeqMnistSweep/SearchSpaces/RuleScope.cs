namespace SeqMnistSweep.SearchSpaces;

/// <summary>The names that rules see at one configuration: derived values, computed when first asked for, and parameters.</summary>
internal sealed class RuleScope(SearchSpace space, Func<string, ParameterValue?> parameters)
{
    private readonly Dictionary<string, ParameterValue> _derived = new(StringComparer.Ordinal);

    public ParameterValue? Lookup(string name)
    {
        if (_derived.TryGetValue(name, out var known)) return known;

        foreach (var derived in space.Derived)
        {
            if (derived.Name == name) return _derived[name] = derived.Formula.Evaluate(Lookup);
        }

        return parameters(name);
    }

    public ParameterValue? TryDerive(string name)
    {
        try
        {
            return Lookup(name);
        }
        catch (ExpressionException)
        {
            return null;
        }
    }

    public Violation? FirstViolation()
    {
        for (var i = 0; i < space.Constraints.Length; i++)
        {
            if (Check(i) is { } violation) return violation;
        }

        return null;
    }

    public Violation? Check(int rule)
    {
        var constraint = space.Constraints[rule];
        try
        {
            var holds = constraint.Require.Evaluate(Lookup);
            if (holds.Kind != ParameterKind.Boolean)
            {
                var problem = new ExpressionException(
                    $"'{constraint.Require}' gives {holds}, not true or false", 0, constraint.Require.Text.Length);
                return new Violation(rule, problem.Message, problem);
            }

            return holds.AsBoolean() ? null : new Violation(rule, constraint.Say(TryDerive));
        }
        catch (ExpressionException problem) when (problem.UnknownName is null)
        {
            return new Violation(rule, problem.Message, problem);
        }
        catch (ExpressionException)
        {
            // A name without a value: its parameter is inactive here, so the rule has nothing to say.
            return null;
        }
    }

    /// <summary>The left side of the rule's comparison and how far it misses; null when it is no comparison of two numbers.</summary>
    public (ParameterValue Left, double Distance)? Margin(int rule)
    {
        try
        {
            return space.Constraints[rule].Require.Margin(Lookup);
        }
        catch (ExpressionException)
        {
            return null;
        }
    }
}
