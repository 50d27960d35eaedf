using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Wandb;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.Tests.SweepFiles.Wandb;

public sealed class Yaml11Tests
{
    /// <summary>What PyYAML 6.0's safe loader makes of each, as JSON.</summary>
    [Theory]
    [InlineData("1e-4", "\"1e-4\"")]
    [InlineData("1.0e-4", "0.0001")]
    [InlineData("1.e+3", "1000.0")]
    [InlineData("1.5e3", "\"1.5e3\"")]
    [InlineData("-.5", "\"-.5\"")]
    [InlineData(".5", "0.5")]
    [InlineData("010", "8")]
    [InlineData("-017", "-15")]
    [InlineData("08", "\"08\"")]
    [InlineData("0o17", "\"0o17\"")]
    [InlineData("0x1F", "31")]
    [InlineData("0b101", "5")]
    [InlineData("1_000", "1000")]
    [InlineData("1:30", "90")]
    [InlineData("01:30", "\"01:30\"")]
    [InlineData("1:30.5", "90.5")]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("y", "\"y\"")]
    [InlineData("~", "null")]
    [InlineData("TRUE", "true")]
    [InlineData("+12", "12")]
    [InlineData("a: b", "\"a: b\"")]
    public void A_scalar_is_read_as_PyYAML_reads_it(string text, string json) => Assert.Equal(json, Read(text)!.ToJson());

    [Theory]
    [InlineData(".inf")]
    [InlineData("-.INF")]
    [InlineData(".nan")]
    [InlineData("2026-01-31")]
    public void What_no_parameter_can_be_is_nothing(string text) => Assert.Null(Read(text));

    [Theory]
    [InlineData(1e-5, "1.0e-05")]
    [InlineData(0.1, "0.1")]
    [InlineData(3, "3.0")]
    [InlineData(1e300, "1.0e+300")]
    [InlineData(-2.5e-7, "-2.5e-07")]
    public void A_real_is_spelled_so_that_both_versions_read_it(double value, string text)
    {
        Assert.Equal(text, Yaml11.Real(value));
        Assert.Equal(ParameterValue.Of(value), Read(text));
        Assert.Equal(ParameterValue.Of(value), PlainScalar.Read(text));
    }

    private static ParameterValue? Read(string text) => Yaml11.Read(new FileScalar(new SourceSpan(1, 1, 1), text, IsPlain: true, TextOffset: 0));
}
