namespace SeqMnistSweep.SearchSpaces;

internal enum TokenKind
{
    Number,
    Text,
    Name,
    Symbol,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text, int Offset, int Length);

/// <summary>Cuts an expression into tokens. Names may contain dots, which lead into nested parameters; between backticks they may contain
/// anything.</summary>
internal sealed class ExpressionLexer(string text)
{
    private static readonly string[] Symbols =
        ["**", "//", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "<", ">", "(", ")", "[", "]", ","];

    private int _at;

    public Token Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        if (_at == text.Length) return new Token(TokenKind.End, "the end", _at, 1);

        var c = text[_at];
        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
        {
            return Take(TokenKind.Number, NumberEnd());
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            var end = _at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '.'))
            {
                end++;
            }

            return Take(TokenKind.Name, end);
        }

        return c switch
        {
            '\'' or '"' => TakeQuoted(TokenKind.Text, c),
            '`' => TakeQuoted(TokenKind.Name, c),
            _ => TakeSymbol(),
        };
    }

    private int NumberEnd()
    {
        var end = _at;
        if (text[_at] == '0' && _at + 1 < text.Length && text[_at + 1] is 'x' or 'X')
        {
            end += 2;
            while (end < text.Length && char.IsAsciiHexDigit(text[end]))
            {
                end++;
            }

            return end;
        }

        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '.'
            || (text[end] is '+' or '-' && text[end - 1] is 'e' or 'E')))
        {
            end++;
        }

        return end;
    }

    private Token TakeQuoted(TokenKind kind, char quote)
    {
        var end = text.IndexOf(quote, _at + 1);
        if (end < 0) throw new ExpressionException($"the quote {quote} is never closed", _at, 1);

        var token = new Token(kind, text[(_at + 1)..end], _at, end - _at + 1);
        _at = end + 1;
        return token;
    }

    private Token TakeSymbol()
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                return Take(TokenKind.Symbol, _at + symbol.Length);
            }
        }

        var help = text[_at] switch
        {
            '=' => "; to compare write '=='",
            '^' => "; a power is '**'",
            '&' => "; write 'and'",
            '|' => "; write 'or'",
            '!' => "; write 'not'",
            _ => "",
        };
        throw new ExpressionException($"the character '{text[_at]}' means nothing here{help}", _at, 1);
    }

    private Token Take(TokenKind kind, int end)
    {
        var token = new Token(kind, text[_at..end], _at, end - _at);
        _at = end;
        return token;
    }
}
