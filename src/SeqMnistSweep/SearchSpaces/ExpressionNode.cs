namespace SeqMnistSweep.SearchSpaces;

/// <summary>A part of an expression as it was parsed.</summary>
public abstract record ExpressionNode
{
    /// <param name="lookup">The value of a name; null where it has none.</param>
    /// <exception cref="ExpressionException">A name has no value, or a value is of the wrong kind.</exception>
    internal abstract ParameterValue Evaluate(Func<string, ParameterValue?> lookup);

    /// <summary>The value as a condition.</summary>
    private protected static bool Truth(ParameterValue value, string where) => value.Kind == ParameterKind.Boolean
        ? value.AsBoolean()
        : throw new ExpressionException($"{where} takes true or false, not {value}", 0, 1);
}

/// <summary>A number, a text, true, false or null.</summary>
public sealed record LiteralNode(ParameterValue Value) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) => Value;
}

/// <summary>The value that a name has.</summary>
/// <param name="Offset">Of the name in the text.</param>
public sealed record NameNode(string Name, int Offset) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        lookup(Name) ?? throw new ExpressionException($"'{Name}' has no value here", Offset, Name.Length, Name);
}

/// <summary><c>[a, b]</c></summary>
public sealed record ListNode(ImmutableArray<ExpressionNode> Items) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        ParameterValue.ListOf(Items.Select(item => item.Evaluate(lookup)));
}

/// <summary><c>-a</c></summary>
public sealed record NegationNode(int Offset, ExpressionNode Operand) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        Arithmetic.Apply("-", ParameterValue.Of(0L), Operand.Evaluate(lookup), Offset);
}

/// <summary><c>a + b</c> and the other arithmetic.</summary>
/// <param name="Symbol"><c>+ - * / // % **</c></param>
public sealed record ArithmeticNode(string Symbol, int Offset, ExpressionNode Left, ExpressionNode Right) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        Arithmetic.Apply(Symbol, Left.Evaluate(lookup), Right.Evaluate(lookup), Offset);
}

/// <summary><c>not a</c></summary>
public sealed record NotNode(ExpressionNode Operand) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        ParameterValue.Of(!Truth(Operand.Evaluate(lookup), "'not'"));
}

/// <summary><c>a and b</c>, <c>a or b</c>.</summary>
/// <param name="StopsAt">The left value that decides alone: true for <c>or</c>, false for <c>and</c>.</param>
public sealed record LogicNode(ExpressionNode Left, ExpressionNode Right, bool StopsAt) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var word = StopsAt ? "'or'" : "'and'";
        return ParameterValue.Of(Truth(Left.Evaluate(lookup), word) == StopsAt ? StopsAt : Truth(Right.Evaluate(lookup), word));
    }
}

/// <summary><c>yes if condition else no</c></summary>
public sealed record ConditionalNode(ExpressionNode Yes, ExpressionNode Condition, ExpressionNode No) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        Truth(Condition.Evaluate(lookup), "'if'") ? Yes.Evaluate(lookup) : No.Evaluate(lookup);
}

/// <summary><c>f(a, b)</c></summary>
public sealed record CallNode(ExpressionFunction Function, int Offset, int Length,
    ImmutableArray<ExpressionNode> Arguments) : ExpressionNode
{
    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var values = Arguments.Select(argument => argument.Evaluate(lookup)).ToList();
        return values.Find(value => !value.IsNumber) is { } wrong
            ? throw new ExpressionException($"{Function.Name} takes numbers, not {wrong}", Offset, Length)
            : Function.Apply(values, Offset);
    }
}

/// <summary>A chain as in Python: a &lt; b &lt; c is a &lt; b and b &lt; c.</summary>
public sealed record ComparisonNode(ExpressionNode First, ImmutableArray<ComparisonNode.Link> Rest) : ExpressionNode
{
    /// <summary>One comparison of the chain.</summary>
    /// <param name="Symbol"><c>== != &lt; &lt;= &gt; &gt;= in</c>, <c>not in</c></param>
    /// <param name="Operand">The right side.</param>
    public sealed record Link(string Symbol, int Offset, ExpressionNode Operand);

    internal override ParameterValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var left = First.Evaluate(lookup);
        foreach (var link in Rest)
        {
            var right = link.Operand.Evaluate(lookup);
            if (!Holds(link, left, right)) return ParameterValue.Of(false);

            left = right;
        }

        return ParameterValue.Of(true);
    }

    private static bool Holds(Link link, ParameterValue left, ParameterValue right)
    {
        switch (link.Symbol)
        {
            case "==": return left.Equals(right);
            case "!=": return !left.Equals(right);
            case "in" or "not in":
                return right.Kind == ParameterKind.List
                    ? right.AsList().Contains(left) == (link.Symbol == "in")
                    : throw new ExpressionException(
                        $"'{link.Symbol}' takes a list on its right, not {right}",
                        link.Offset,
                        link.Symbol.Length);
        }

        var order = left.IsNumber && right.IsNumber ? Order(left, right)
            : left.Kind == ParameterKind.Text && right.Kind == ParameterKind.Text ? string.CompareOrdinal(left.AsText(), right.AsText())
            : throw new ExpressionException($"'{link.Symbol}' cannot compare {left} with {right}", link.Offset, link.Symbol.Length);
        return link.Symbol switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static int Order(ParameterValue left, ParameterValue right) =>
        left.Kind == ParameterKind.Integer && right.Kind == ParameterKind.Integer
            ? left.AsInteger().CompareTo(right.AsInteger())
            : left.AsReal().CompareTo(right.AsReal());
}
