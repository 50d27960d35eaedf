using System.Collections.Immutable;

namespace SeqMnistSweep.SearchSpaces;

internal abstract record ExpressionNode
{
    public abstract ParameterValue Evaluate(Func<string, ParameterValue?> lookup);

    protected static bool Truth(ParameterValue value, string where) => value.Kind == ParameterKind.Boolean
        ? value.AsBoolean()
        : throw new ExpressionException($"{where} takes true or false, not {value}", 0, 1);
}

internal sealed record LiteralNode(ParameterValue Value) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) => Value;
}

internal sealed record NameNode(string Name, int Offset) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        lookup(Name) ?? throw new ExpressionException($"'{Name}' has no value here", Offset, Name.Length, Name);
}

internal sealed record ListNode(ImmutableArray<ExpressionNode> Items) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) => ParameterValue.ListOf(Items.Select(item => item.Evaluate(lookup)));
}

internal sealed record NegationNode(int Offset, ExpressionNode Operand) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        Arithmetic.Apply("-", ParameterValue.Of(0L), Operand.Evaluate(lookup), Offset);
}

internal sealed record ArithmeticNode(string Symbol, int Offset, ExpressionNode Left, ExpressionNode Right) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        Arithmetic.Apply(Symbol, Left.Evaluate(lookup), Right.Evaluate(lookup), Offset);
}

internal sealed record NotNode(ExpressionNode Operand) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) => ParameterValue.Of(!Truth(Operand.Evaluate(lookup), "'not'"));
}

/// <param name="StopsAt">The left value that decides alone: true for <c>or</c>, false for <c>and</c>.</param>
internal sealed record LogicNode(ExpressionNode Left, ExpressionNode Right, bool StopsAt) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var word = StopsAt ? "'or'" : "'and'";
        return ParameterValue.Of(Truth(Left.Evaluate(lookup), word) == StopsAt ? StopsAt : Truth(Right.Evaluate(lookup), word));
    }
}

internal sealed record ConditionalNode(ExpressionNode Yes, ExpressionNode Condition, ExpressionNode No) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup) =>
        Truth(Condition.Evaluate(lookup), "'if'") ? Yes.Evaluate(lookup) : No.Evaluate(lookup);
}

internal sealed record CallNode(ExpressionFunction Function, int Offset, int Length, ImmutableArray<ExpressionNode> Arguments) : ExpressionNode
{
    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var values = Arguments.Select(argument => argument.Evaluate(lookup)).ToList();
        return values.Find(value => !value.IsNumber) is { } wrong
            ? throw new ExpressionException($"{Function.Name} takes numbers, not {wrong}", Offset, Length)
            : Function.Apply(values, Offset);
    }
}

/// <summary>A chain as in Python: a &lt; b &lt; c is a &lt; b and b &lt; c.</summary>
internal sealed record ComparisonNode(ExpressionNode First, ImmutableArray<ComparisonNode.Link> Rest) : ExpressionNode
{
    internal sealed record Link(string Symbol, int Offset, ExpressionNode Operand);

    public override ParameterValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var left = First.Evaluate(lookup);
        foreach (var link in Rest)
        {
            var right = link.Operand.Evaluate(lookup);
            if (!Holds(link, left, right))
            {
                return ParameterValue.Of(false);
            }

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
                    : throw new ExpressionException($"'{link.Symbol}' takes a list on its right, not {right}", link.Offset, link.Symbol.Length);
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
