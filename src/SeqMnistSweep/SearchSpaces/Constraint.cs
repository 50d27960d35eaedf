using System.Text.RegularExpressions;

namespace SeqMnistSweep.SearchSpaces;

/// <summary>A named formula, usable in rules and shown beside results.</summary>
public sealed record DerivedValue(string Name, Expression Formula);

/// <summary>A rule that every configuration must satisfy. It does not apply to one in which a parameter that it names is inactive and
/// without a default.</summary>
/// <param name="Message">Said of a configuration that breaks it, with <c>{name}</c> for values; null to show the rule.</param>
public sealed partial record Constraint(Expression Require, string? Message)
{
    /// <summary>Names in the message's braces.</summary>
    public static IEnumerable<(string Name, int Offset)> NamesIn(string message) =>
        Placeholder().Matches(message).Select(match => (match.Groups[1].Value, match.Index + 1));

    internal string Say(Func<string, ParameterValue?> lookup) => Message is null
        ? $"{Require} does not hold"
        : Placeholder().Replace(Message, match => lookup(match.Groups[1].Value)?.ToString() ?? match.Value);

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_.-]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}

/// <summary>A rule that a configuration breaks.</summary>
/// <param name="Rule">Its index in <see cref="SearchSpace.Constraints"/>.</param>
/// <param name="Problem">Set when the rule could not be computed: the configuration counts as infeasible.</param>
public sealed record Violation(int Rule, string Message, ExpressionException? Problem = null);
