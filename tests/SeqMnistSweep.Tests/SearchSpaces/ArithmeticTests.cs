using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Tests.SearchSpaces;

public sealed class ArithmeticTests
{
    [Fact]
    public void Integers_agree_with_unbounded_ones_or_become_reals() => Prop.ForAll<long, long, byte>((a, b, spread) =>
    {
        // Small and huge numbers alike.
        b <<= spread % 60;
        foreach (var symbol in new[] { "+", "-", "*", "//", "%" })
        {
            if (b == 0 && symbol is "//" or "%" && b == 0)
            {
                continue;
            }

            var exact = Exact(symbol, a, b);
            var value = Arithmetic.Apply(symbol, ParameterValue.Of(a), ParameterValue.Of(b), 0);
            var fits = exact >= long.MinValue && exact <= long.MaxValue;
            Assert.Equal(fits ? ParameterKind.Integer : ParameterKind.Real, value.Kind);
            if (fits)
            {
                Assert.Equal((long)exact, value.AsInteger());
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Division_and_remainder_belong_together() => Prop.ForAll<int, int>((a, b) =>
    {
        if (b != 0)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"({a}) // ({b}) * ({b}) + ({a}) % ({b}) == ({a})");
            Assert.True(Expression.Parse(text).Evaluate(_ => null).AsBoolean(), text);
        }
    }).QuickCheckThrowOnFailure();

    private static BigInteger Exact(string symbol, BigInteger a, BigInteger b)
    {
        switch (symbol)
        {
            case "+": return a + b;
            case "-": return a - b;
            case "*": return a * b;
        }

        var quotient = BigInteger.DivRem(a, b, out var remainder);
        var roundsUp = !remainder.IsZero && (remainder.Sign < 0) != (b.Sign < 0);
        return symbol == "//" ? quotient - (roundsUp ? 1 : 0) : remainder + (roundsUp ? b : 0);
    }
}
