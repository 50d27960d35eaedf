namespace SeqMnistSweep.SearchSpaces;

/// <summary>Recursive descent with Python's precedence; the depth is bounded.</summary>
internal sealed class ExpressionParser
{
    private const int MaxDepth = 50;

    private static readonly string[] Comparisons = ["<", "<=", ">", ">=", "==", "!="];

    private readonly ExpressionLexer _lexer;
    private Token _token;
    private int _depth;

    public ExpressionParser(string text)
    {
        _lexer = new ExpressionLexer(text);
        _token = _lexer.Next();
    }

    public List<(string Name, int Offset)> Names { get; } = [];

    public ExpressionNode ParseAll()
    {
        if (_token.Kind == TokenKind.End) throw new ExpressionException("the expression is empty", 0, 1);

        var node = Conditional();
        return _token.Kind == TokenKind.End ? node : throw Unexpected("an operator");
    }

    private ExpressionNode Conditional()
    {
        using var level = Deeper();
        var node = Or();
        if (!TryWord("if")) return node;

        var condition = Or();
        if (!TryWord("else")) throw Unexpected("'else'");

        return new ConditionalNode(node, condition, Conditional());
    }

    private ExpressionNode Or() => Logic(And, "or", stopsAt: true);

    private ExpressionNode And() => Logic(Not, "and", stopsAt: false);

    private ExpressionNode Logic(Func<ExpressionNode> operand, string word, bool stopsAt)
    {
        var node = operand();
        while (TryWord(word))
        {
            node = new LogicNode(node, operand(), stopsAt);
        }

        return node;
    }

    private ExpressionNode Not()
    {
        using var level = Deeper();
        return TryWord("not") ? new NotNode(Not()) : Comparison();
    }

    private ExpressionNode Comparison()
    {
        var first = Sum();
        var rest = new List<ComparisonNode.Link>();
        while (true)
        {
            var at = _token;
            if (_token.Kind == TokenKind.Symbol && Comparisons.Contains(_token.Text))
            {
                Advance();
                rest.Add(new(at.Text, at.Offset, Sum()));
            }
            else if (TryWord("in"))
            {
                rest.Add(new("in", at.Offset, Sum()));
            }
            else if (TryWord("not"))
            {
                if (!TryWord("in")) throw Unexpected("'in'");

                rest.Add(new("not in", at.Offset, Sum()));
            }
            else
            {
                return rest.Count == 0 ? first : new ComparisonNode(first, [.. rest]);
            }
        }
    }

    private ExpressionNode Sum() => LeftToRight(Product, "+", "-");

    private ExpressionNode Product() => LeftToRight(Unary, "*", "/", "//", "%");

    private ExpressionNode LeftToRight(Func<ExpressionNode> operand, params string[] symbols)
    {
        var node = operand();
        while (_token.Kind == TokenKind.Symbol && symbols.Contains(_token.Text))
        {
            var symbol = _token;
            Advance();
            node = new ArithmeticNode(symbol.Text, symbol.Offset, node, operand());
        }

        return node;
    }

    private ExpressionNode Unary()
    {
        using var level = Deeper();
        var at = _token.Offset;
        if (TrySymbol("-")) return new NegationNode(at, Unary());

        return TrySymbol("+") ? Unary() : Power();
    }

    /// <summary>Binds tighter than a sign on its left and looser than one on its right: -2 ** -1 is -(2 ** (-1)).</summary>
    private ExpressionNode Power()
    {
        var node = Primary();
        var at = _token.Offset;
        return TrySymbol("**") ? new ArithmeticNode("**", at, node, Unary()) : node;
    }

    private ExpressionNode Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Number:
                Advance();
                return new LiteralNode(Number(token));
            case TokenKind.Text:
                Advance();
                return new LiteralNode(ParameterValue.Of(token.Text));
            case TokenKind.Name:
                return NameOrCall(token);
        }

        if (TrySymbol("("))
        {
            var items = Items(")", out var comma);
            return items.Count == 1 && !comma ? items[0] : new ListNode([.. items]);
        }

        return TrySymbol("[") ? new ListNode([.. Items("]", out _)]) : throw Unexpected("a number, a name or '('");
    }

    private ExpressionNode NameOrCall(Token token)
    {
        switch (token.Text)
        {
            case "and" or "or" or "in" or "if" or "else" or "not":
                throw Unexpected("a number, a name or '('");
            case "true" or "True":
                Advance();
                return new LiteralNode(ParameterValue.Of(true));
            case "false" or "False":
                Advance();
                return new LiteralNode(ParameterValue.Of(false));
            case "null" or "None":
                Advance();
                return new LiteralNode(ParameterValue.Null);
        }

        Advance();
        if (TrySymbol("("))
        {
            var function = ExpressionFunctions.Find(token.Text)
                ?? throw new ExpressionException(
                    $"there is no function '{token.Text}'; there are: {string.Join(", ", ExpressionFunctions.Names)}", token.Offset,
                    token.Length);
            var arguments = Items(")", out _);
            return arguments.Count >= function.Least && arguments.Count <= function.Most
                ? new CallNode(function, token.Offset, token.Length, [.. arguments])
                : throw new ExpressionException(
                    $"{function.Name} takes {function.Arguments}, not {arguments.Count}", token.Offset, token.Length);
        }

        Names.Add((token.Text, token.Offset));
        return new NameNode(token.Text, token.Offset);
    }

    private List<ExpressionNode> Items(string closing, out bool comma)
    {
        var items = new List<ExpressionNode>();
        comma = false;
        while (!TrySymbol(closing))
        {
            items.Add(Conditional());
            if (TrySymbol(","))
            {
                comma = true;
            }
            else if (!(_token.Kind == TokenKind.Symbol && _token.Text == closing))
            {
                throw Unexpected($"'{closing}'");
            }
        }

        return items;
    }

    private static ParameterValue Number(Token token)
    {
        var text = token.Text;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) && hex >= 0)
        {
            return ParameterValue.Of(hex);
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer))
        {
            return ParameterValue.Of(integer);
        }

        return double
            .TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real)
            && double.IsFinite(real)
            ? ParameterValue.Of(real)
            : throw new ExpressionException($"'{text}' is no number", token.Offset, token.Length);
    }

    private bool TrySymbol(string symbol) => Try(TokenKind.Symbol, symbol);

    private bool TryWord(string word) => Try(TokenKind.Name, word);

    private bool Try(TokenKind kind, string text)
    {
        if (_token.Kind != kind || _token.Text != text) return false;

        Advance();
        return true;
    }

    private void Advance() => _token = _lexer.Next();

    private ExpressionException Unexpected(string wanted) =>
        new(_token.Kind == TokenKind.End ? $"{wanted} is missing at the end" : $"{wanted} is expected, not '{_token.Text}'", _token.Offset,
            _token.Length);

    private Level Deeper() => ++_depth > MaxDepth
        ? throw new ExpressionException($"the expression is nested deeper than {MaxDepth} levels", _token.Offset, 1)
        : new Level(this);

    private readonly struct Level(ExpressionParser parser) : IDisposable
    {
        public void Dispose() => parser._depth--;
    }
}
