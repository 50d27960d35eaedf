namespace SeqMnistSweep.Results.Tables;

/// <summary>An expression as SQL, so that the database filters by the grammar of <c>constraints</c>: values become parameters of the
/// statement, names what <c>nameOf</c> gives for them. A name without a value makes its comparison neither true nor false, so its row is
/// not shown.</summary>
/// <param name="nameOf">SQL of a name; null where there is no such name.</param>
internal sealed class SqlExpression(Func<string, string?> nameOf)
{
    private readonly List<object?> _values = [];

    /// <summary>By the names <c>@w0</c>, <c>@w1</c>, ...</summary>
    public IReadOnlyList<object?> Values => _values;

    /// <exception cref="ExpressionException">A name is unknown, or a list stands where a value must.</exception>
    public string Write(Expression expression) => Write(expression.Root);

    private string Write(ExpressionNode node) => node switch
    {
        LiteralNode literal => Bind(literal.Value),
        NameNode name => nameOf(name.Name) ?? throw new ExpressionException(
            $"there is no '{name.Name}' to filter by", name.Offset, name.Name.Length, name.Name),
        NegationNode negation => $"(-{Write(negation.Operand)})",
        ArithmeticNode arithmetic => Arithmetic(arithmetic.Symbol, Write(arithmetic.Left), Write(arithmetic.Right)),
        NotNode not => $"(not {Write(not.Operand)})",
        LogicNode logic => $"({Write(logic.Left)} {(logic.StopsAt ? "or" : "and")} {Write(logic.Right)})",
        ConditionalNode choice => $"iif({Write(choice.Condition)}, {Write(choice.Yes)}, {Write(choice.No)})",
        CallNode call => $"{(call.Function.Name == "log" ? "ln" : call.Function.Name)}({string.Join(", ", call.Arguments.Select(Write))})",
        ComparisonNode comparison => Chain(comparison),
        _ => throw new ExpressionException("a list can only stand after 'in'", 0, 1),
    };

    private string Chain(ComparisonNode comparison)
    {
        var parts = new List<string>();
        var left = comparison.First;
        foreach (var link in comparison.Rest)
        {
            parts.Add(Compare(link, Write(left)));
            left = link.Operand;
        }

        return $"({string.Join(" and ", parts)})";
    }

    private string Compare(ComparisonNode.Link link, string left) => (link.Symbol, link.Operand) switch
    {
        ("==", LiteralNode { Value.Kind: ParameterKind.Null }) => $"{left} is null",
        ("!=", LiteralNode { Value.Kind: ParameterKind.Null }) => $"{left} is not null",
        ("in" or "not in", ListNode list) => $"{left} {link.Symbol} ({string.Join(", ", list.Items.Select(Write))})",
        ("in" or "not in", _) => throw new ExpressionException(
            $"'{link.Symbol}' takes a list on its right", link.Offset, link.Symbol.Length),
        ("==", var right) => $"{left} = {Write(right)}",
        ("!=", var right) => $"{left} <> {Write(right)}",
        (var symbol, var right) => $"{left} {symbol} {Write(right)}",
    };

    /// <summary>Division as in Python: a real by <c>/</c>, rounded down by <c>//</c> and <c>%</c>.</summary>
    private static string Arithmetic(string symbol, string left, string right) => symbol switch
    {
        "/" => $"(1.0 * {left} / {right})",
        "//" => $"floor(1.0 * {left} / {right})",
        "%" => $"({left} - {right} * floor(1.0 * {left} / {right}))",
        "**" => $"pow({left}, {right})",
        _ => $"({left} {symbol} {right})",
    };

    private string Bind(ParameterValue value)
    {
        _values.Add(value.Kind switch
        {
            ParameterKind.Null => null,
            ParameterKind.Boolean => value.AsBoolean() ? 1L : 0L,
            ParameterKind.Integer => value.AsInteger(),
            ParameterKind.Real => value.AsReal(),
            _ => value.AsText(),
        });
        return $"@w{_values.Count - 1}";
    }
}
