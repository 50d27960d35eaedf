namespace SeqMnistSweep.SearchSpaces;

/// <summary>A formula over parameters in the common part of Python's syntax: numbers, texts, names, <c>+ - * / // % **</c>, chained
/// comparisons, <c>and or not in</c>, <c>a if c else b</c>, and a few functions. Integers have 64 bits and become reals where they
/// overflow; <c>/</c> always gives a real, <c>//</c> and <c>%</c> round down as in Python. No loops, bounded length and depth: always
/// ends.</summary>
public sealed class Expression
{
    /// <summary>Characters of an expression at most.</summary>
    public const int MaxLength = 1000;

    private Expression(string text, ExpressionNode root, ImmutableArray<(string Name, int Offset)> names)
    {
        Text = text;
        Root = root;
        Names = names;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>What it is made of, for what reads it otherwise than by computing it.</summary>
    public ExpressionNode Root { get; }

    /// <summary>Names used, each with its offset in the text; a name used twice is listed twice.</summary>
    public ImmutableArray<(string Name, int Offset)> Names { get; }

    /// <summary>Words with a meaning of their own, which no name can be.</summary>
    public static IReadOnlySet<string> Keywords { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "and", "or", "not", "in", "if", "else", "true", "True", "false", "False", "null",
            "None" };

    /// <exception cref="ExpressionException">The text is no expression.</exception>
    public static Expression Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ExpressionException($"an expression has at most {MaxLength} characters, not {text.Length}", 0, 1);
        }

        var parser = new ExpressionParser(text);
        var root = parser.ParseAll();
        return new Expression(text, root, [.. parser.Names]);
    }

    /// <param name="lookup">A name's value; null when it has none.</param>
    /// <exception cref="ExpressionException">A name has no value, types do not fit, a division by zero, a result that is not
    /// finite.</exception>
    public ParameterValue Evaluate(Func<string, ParameterValue?> lookup) => Root.Evaluate(lookup);

    /// <summary>How far a comparison of two numbers is from the other outcome: |left - right|; null for anything else.</summary>
    public (ParameterValue Left, double Distance)? Margin(Func<string, ParameterValue?> lookup)
    {
        if (Root is not ComparisonNode { Rest: [var only] } comparison) return null;

        var left = comparison.First.Evaluate(lookup);
        var right = only.Operand.Evaluate(lookup);
        return left.IsNumber && right.IsNumber ? (left, Math.Abs(left.AsReal() - right.AsReal())) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>An expression that cannot be read or computed, with the stretch of its text that is to blame.</summary>
/// <param name="offset">Units from the start of the expression's text.</param>
public sealed class ExpressionException(string message, int offset, int length, string? unknownName = null) : Exception(message)
{
    /// <summary>Where the wrong part begins, in characters from the start of the text.</summary>
    public int Offset { get; } = offset;

    /// <summary>Characters of the wrong part.</summary>
    public int Length { get; } = length;

    /// <summary>Set when a name has no value.</summary>
    public string? UnknownName { get; } = unknownName;
}
