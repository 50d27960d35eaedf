using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Tests.SearchSpaces;

public sealed class ExpressionTests
{
    /// <summary>Expected values are those of Python 3, written as JSON.</summary>
    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("4 / 2", "2.0")]
    [InlineData("7 // 2", "3")]
    [InlineData("-7 // 2", "-4")]
    [InlineData("7 // -2", "-4")]
    [InlineData("-7 % 3", "2")]
    [InlineData("7 % -3", "-2")]
    [InlineData("-6 % 3", "0")]
    [InlineData("7.5 // 2", "3.0")]
    [InlineData("-7.5 % 2", "0.5")]
    [InlineData("2 ** 10", "1024")]
    [InlineData("2 ** -1", "0.5")]
    [InlineData("-2 ** 2", "-4")]
    [InlineData("2 ** 3 ** 2", "512")]
    [InlineData("2 ** 62", "4611686018427387904")]
    [InlineData("2 ** 63", "9.223372036854776E+18")]
    [InlineData("9223372036854775807 + 1", "9.223372036854776E+18")]
    [InlineData("-9223372036854775807 - 1", "-9223372036854775808")]
    [InlineData("(-9223372036854775807 - 1) // -1", "9.223372036854776E+18")]
    [InlineData("9223372036854775807 % -9223372036854775807", "0")]
    [InlineData("9223372036854775806 % 9223372036854775807", "9223372036854775806")]
    [InlineData("0x10 + 1", "17")]
    [InlineData("1e3", "1000.0")]
    [InlineData(".5 + 1.", "1.5")]
    [InlineData("1 < 2 < 3", "true")]
    [InlineData("1 < 3 < 2", "false")]
    [InlineData("3 > 2 == 2", "true")]
    [InlineData("1 == 1.0", "true")]
    [InlineData("1 == '1'", "false")]
    [InlineData("not 1 > 2 and 2 > 1", "true")]
    [InlineData("1 > 2 or 1 > 0", "true")]
    [InlineData("1 > 2 and 1 / 0 > 1", "false")]
    [InlineData("optimizer in ['Adam', 'SGD']", "true")]
    [InlineData("optimizer not in ('SGD', \"RMSprop\")", "true")]
    [InlineData("3 in [1, 2]", "false")]
    [InlineData("1 if levels > 7 else 2", "1")]
    [InlineData("1 if levels > 8 else 2 if levels > 7 else 3", "2")]
    [InlineData("min(3, 1.5, 2)", "1.5")]
    [InlineData("max(levels, 3)", "8")]
    [InlineData("abs(-3)", "3")]
    [InlineData("floor(-1.5)", "-2")]
    [InlineData("ceil(1.2)", "2")]
    [InlineData("round(2.5)", "2")]
    [InlineData("round(3.5)", "4")]
    [InlineData("round(1.25, 1)", "1.2")]
    [InlineData("log2(8)", "3.0")]
    [InlineData("sqrt(16)", "4.0")]
    [InlineData("log(exp(2))", "2.0")]
    [InlineData("model.depth * 2", "6")]
    [InlineData("`model.depth` * 2 if `levels` > 0 else 0", "6")]
    [InlineData("'a' + 'b' == 'ab'", "true")]
    [InlineData("1 + 2 * (7 - 1) * (2 ** levels - 1)", "3061")]
    public void Formulas_mean_what_python_means(string text, string expected) =>
        Assert.Equal(expected, Expression.Parse(text).Evaluate(Names).ToJson());

    [Theory]
    [InlineData("1 +", 3)]
    [InlineData("", 0)]
    [InlineData("1 2", 2)]
    [InlineData("a = 3", 2)]
    [InlineData("levels & 3", 7)]
    [InlineData("sin(3)", 0)]
    [InlineData("1 + log(1, 2, 3)", 4)]
    [InlineData("'abc", 0)]
    [InlineData("1 + `abc", 4)]
    [InlineData("(1", 2)]
    [InlineData("1 if 2", 6)]
    [InlineData("3 not 4", 6)]
    [InlineData("1..2", 0)]
    [InlineData("12abc", 0)]
    [InlineData("and 3", 0)]
    public void What_cannot_be_read_is_told_with_its_place(string text, int offset) =>
        Assert.Equal(offset, Assert.Throws<ExpressionException>(() => Expression.Parse(text)).Offset);

    [Theory]
    [InlineData("1 + levels / 0", 11)]
    [InlineData("1 // 0", 2)]
    [InlineData("1.5 % 0.0", 4)]
    [InlineData("log(0)", 0)]
    [InlineData("1 + sqrt(-1)", 4)]
    [InlineData("10.0 ** 400", 5)]
    [InlineData("optimizer * 2", 10)]
    [InlineData("1 < optimizer", 2)]
    [InlineData("1 in 2", 2)]
    [InlineData("2 + missing", 4)]
    public void What_cannot_be_computed_is_told_with_its_place(string text, int offset) =>
        Assert.Equal(offset, Assert.Throws<ExpressionException>(() => Expression.Parse(text).Evaluate(Names)).Offset);

    [Fact]
    public void Long_and_deep_texts_are_refused()
    {
        Assert.Throws<ExpressionException>(() => Expression.Parse(string.Join("+", Enumerable.Repeat("1", 600))));
        Assert.Throws<ExpressionException>(() => Expression.Parse(new string('(', 60) + "1" + new string(')', 60)));
        Assert.Throws<ExpressionException>(() => Expression.Parse(string.Concat(Enumerable.Repeat("not ", 200)) + "true"));
    }

    private static ParameterValue? Names(string name) => name switch
    {
        "levels" => ParameterValue.Of(8L),
        "optimizer" => ParameterValue.Of("Adam"),
        "model.depth" => ParameterValue.Of(3L),
        _ => null,
    };
}
