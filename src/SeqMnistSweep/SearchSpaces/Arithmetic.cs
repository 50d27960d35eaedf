namespace SeqMnistSweep.SearchSpaces;

/// <summary>Python's arithmetic on 64-bit integers and reals: integers too large become reals, what is not finite an error.</summary>
internal static class Arithmetic
{
    public static ParameterValue Apply(string symbol, ParameterValue left, ParameterValue right, int offset)
    {
        if (symbol == "+" && left.Kind == ParameterKind.Text && right.Kind == ParameterKind.Text)
        {
            return ParameterValue.Of(left.AsText() + right.AsText());
        }

        if (!left.IsNumber || !right.IsNumber)
        {
            throw new ExpressionException($"'{symbol}' takes numbers, not {(left.IsNumber ? right : left)}", offset, symbol.Length);
        }

        if (symbol is "/" or "//" or "%" && right.AsReal() == 0)
        {
            throw new ExpressionException($"division by zero: {left} {symbol} {right}", offset, symbol.Length);
        }

        if (left.Kind == ParameterKind.Integer && right.Kind == ParameterKind.Integer
            && Exact(symbol, left.AsInteger(), right.AsInteger()) is { } exact)
        {
            return ParameterValue.Of(exact);
        }

        return Finite(Rounded(symbol, left.AsReal(), right.AsReal()), $"{left} {symbol} {right}", offset, symbol.Length);
    }

    public static ParameterValue Finite(double value, string what, int offset, int length) => double.IsFinite(value)
        ? ParameterValue.Of(value)
        : throw new ExpressionException($"{what} is not a finite number", offset, length);

    /// <summary>Null where the result is no 64-bit integer.</summary>
    private static long? Exact(string symbol, long left, long right)
    {
        try
        {
            return checked(symbol switch
            {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                // long.MinValue / -1 throws the overflow that is wanted; its remainder is 0.
                "//" => (left / right) - ((right == -1 ? 0 : left % right) != 0 && (left < 0) != (right < 0) ? 1 : 0),
                "%" => right == -1 ? 0 : ((left % right) + right) % right,
                "**" when right >= 0 => Power(left, right),
                _ => null,
            });
        }
        catch (OverflowException)
        {
            return symbol == "%" ? Remainder(left, right) : null;
        }
    }

    private static long Remainder(long left, long right)
    {
        var remainder = left % right;
        return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
    }

    private static long Power(long number, long exponent)
    {
        var result = 1L;
        while (true)
        {
            if ((exponent & 1) == 1)
            {
                result = checked(result * number);
            }

            exponent >>= 1;
            if (exponent == 0) return result;

            number = checked(number * number);
        }
    }

    private static double Rounded(string symbol, double left, double right) => symbol switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "//" => Math.Floor(left / right),
        "%" => left - (right * Math.Floor(left / right)),
        _ => Math.Pow(left, right),
    };
}
