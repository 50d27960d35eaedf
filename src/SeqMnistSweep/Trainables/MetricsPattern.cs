using System.Text.RegularExpressions;

namespace SeqMnistSweep.Trainables;

/// <summary>Finds metrics in the lines of a program that only prints, by a regular expression with named groups: a group's name is the
/// metric's, and groups <c>name</c> and <c>value</c> together give both. It takes time in proportion to a line's length, whatever the
/// expression is.</summary>
public sealed partial class MetricsPattern
{
    /// <summary>Units of an expression.</summary>
    public const int MaxLength = 1000;

    private const string NameGroup = "name";
    private const string ValueGroup = "value";

    /// <summary>Units of a line that is looked at: one with metrics is short.</summary>
    private const int MaxLine = 4096;

    /// <summary>States of the automaton: <c>(\w{1000}){1000}</c> would take all memory.</summary>
    private const int MaxStates = 2000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Regex _expression;

    static MetricsPattern() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MaxStates);

    private MetricsPattern(Regex expression)
    {
        _expression = expression;
        Names = [.. expression.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0]))];
    }

    /// <summary>The named groups, <c>epoch</c> and <c>step</c> included.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Whether the lines themselves say what their metrics are called.</summary>
    public bool FindsNames => Names.Contains(NameGroup) && Names.Contains(ValueGroup);

    /// <summary>Reads an expression, also with Python's <c>(?P&lt;name&gt;...)</c>.</summary>
    /// <exception cref="ArgumentException">It cannot be used; the message says why.</exception>
    public static MetricsPattern Parse(string text)
    {
        if (text.Length > MaxLength) throw new ArgumentException($"it has {text.Length} characters, and at most {MaxLength} are taken");

        try
        {
            var expression = new Regex(
                PythonGroup().Replace(text, match => match.Groups[1].Success ? match.Value : "(?<"),
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Longest);
            var pattern = new MetricsPattern(expression);
            return pattern.Names.IsEmpty
                ? throw new ArgumentException("it has no named group, such as (?P<val_loss>\\S+)")
                : pattern;
        }
        catch (NotSupportedException)
        {
            throw new ArgumentException("it looks ahead, looks back, refers back, or repeats too much: that takes too long on some lines");
        }
    }

    /// <summary>What stands in a line, in its order; of a progress bar, in what it drew last.</summary>
    public ImmutableArray<(string Name, string Value)> In(string line)
    {
        var shown = line.AsSpan().TrimEnd("\r\n");
        shown = shown[(shown.LastIndexOf('\r') + 1)..];
        if (shown.Length > MaxLine) return [];

        try
        {
            return [.. _expression.Matches(shown.ToString()).SelectMany(Of)];
        }
        catch (RegexMatchTimeoutException)
        {
            return [];
        }
    }

    private IEnumerable<(string Name, string Value)> Of(Match match)
    {
        foreach (var name in Names)
        {
            if (!match.Groups[name].Success || (FindsNames && name == NameGroup)) continue;

            var called = FindsNames && name == ValueGroup ? match.Groups[NameGroup].Value : name;
            yield return (called, match.Groups[name].Value);
        }
    }

    [GeneratedRegex(@"(\\.)|\(\?P<", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex PythonGroup();
}
