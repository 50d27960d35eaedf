using System.Collections.Immutable;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Tests.SearchSpaces;

public sealed class DistributionTests
{
    private static readonly double[] Units = [.. Enumerable.Range(0, 2000).Select(i => (i + 0.5) / 2000)];

    [Theory]
    [InlineData(1, 10, 4, "0 4 8")]
    [InlineData(16, 128, 48, "0 48 96 144")]
    [InlineData(0, 10, 5, "0 5 10")]
    public void Quantised_draws_round_and_are_not_clipped(double min, double max, double q, string values) =>
        Assert.Equal(values, Drawn(new Quantized(new Uniform(min, max), q, IsInteger: true)));

    [Theory]
    [InlineData(1, 10, 4, "1 5 9")]
    [InlineData(16, 128, 48, "16 64 112")]
    [InlineData(0, 10, 5, "0 5")]
    public void A_grid_over_q_uniform_is_arange_and_leaves_max_out(double min, double max, double q, string values) =>
        Assert.Equal(values, Gridded(new Quantized(new Uniform(min, max), q, IsInteger: true)));

    [Fact]
    public void End_cells_of_a_quantised_range_have_half_the_mass()
    {
        var quantized = new Quantized(new Uniform(0, 10), 5, IsInteger: true);
        Assert.Equal([500, 1000, 500], Units.Select(quantized.At).GroupBy(v => v.AsInteger()).OrderBy(g => g.Key).Select(g => g.Count()));
    }

    [Fact]
    public void Results_are_integers_only_if_q_was_written_as_one()
    {
        Assert.Equal(ParameterKind.Integer, new Quantized(new Uniform(0, 10), 2, true).At(0.5).Kind);
        Assert.Equal(ParameterKind.Real, new Quantized(new Uniform(0, 10), 2, false).At(0.5).Kind);
        Assert.Equal(ParameterKind.Real, new Quantized(new Uniform(0.5, 10), 2, true, MinIsInteger: false).GridValue(0).Kind);
    }

    [Fact]
    public void Rounding_is_half_to_even()
    {
        var quantized = new Quantized(new Uniform(0, 4), 1, true);
        Assert.Equal([0L, 2L, 2L], new[] { 0.125, 0.375, 0.625 }.Select(unit => quantized.At(unit).AsInteger()));
    }

    [Fact]
    public void Integers_include_both_ends_equally()
    {
        var integers = new IntegerUniform(3, 6);
        Assert.Equal([500, 500, 500, 500], Units.Select(integers.At).GroupBy(v => v.AsInteger()).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal("3 4 5 6", Gridded(integers));
        var all = new IntegerUniform(long.MinValue, long.MaxValue);
        Assert.Equal(long.MinValue, all.At(0).AsInteger());
        Assert.True(all.At(1 - 1e-16).AsInteger() > 9e18);
    }

    [Fact]
    public void Logarithmic_kinds_mean_exponents_or_values()
    {
        Assert.Equal(Math.E, new LogUniform(0, 2).At(0.5).AsReal(), 12);
        Assert.Equal(1 / Math.E, new InverseLogUniform(0, 2).At(0.5).AsReal(), 12);
        Assert.Equal(Math.Exp(-2), new InverseLogUniform(0, 2).At(0).AsReal(), 12);
        Assert.Equal(0.01, new LogUniformValues(0.001, 0.1).At(0.5).AsReal(), 12);
        Assert.All(Units.Append(0), unit => Assert.InRange(new LogUniformValues(0.001, 0.1).At(unit).AsReal(), 0.001, 0.1));
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.6, 0.2533471031357997)]
    [InlineData(1e-10, -6.361340902404056)]
    public void Normal_quantiles_are_those_of_the_tables(double unit, double expected)
    {
        Assert.Equal(expected, new Normal(0, 1).At(unit).AsReal(), 9);
        Assert.Equal(Math.Exp(1 + (2 * expected)), new LogNormal(1, 2).At(unit).AsReal(), 1e-8 * Math.Exp(1 + (2 * expected)));
    }

    [Fact]
    public void The_ends_of_the_unit_interval_give_finite_numbers()
    {
        foreach (var distribution in new Distribution[] { new Normal(0, 1), new LogNormal(0, 1), new Beta(0.5, 0.5), new Beta(2, 5), new Uniform(-1, 1) })
        {
            Assert.True(double.IsFinite(distribution.At(0).AsReal()), distribution.Name);
            Assert.True(double.IsFinite(distribution.At(1 - (1.0 / (1UL << 53))).AsReal()), distribution.Name);
        }
    }

    [Theory]
    [InlineData(1, 1, 0.3, 0.3)]
    [InlineData(2, 2, 0.5, 0.5)]
    [InlineData(2, 1, 0.25, 0.5)]
    [InlineData(1, 3, 0.488, 0.2)]
    [InlineData(0.5, 0.5, 0.25, 0.14644660940672624)]
    public void Beta_quantiles_are_exact_where_a_formula_exists(double a, double b, double unit, double expected) =>
        Assert.Equal(expected, new Beta(a, b).At(unit).AsReal(), 9);

    [Fact]
    public void A_probability_of_zero_is_never_drawn_and_the_others_as_often_as_they_say()
    {
        ImmutableArray<ParameterValue> values = [ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")];
        var weighted = new WeightedCategorical(values, [0.25, 0.75, 0]);
        Assert.Equal([500, 1500], Units.Select(weighted.At).GroupBy(v => v.AsText()).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal("b", new WeightedCategorical(values, [0.25, 0.7499999, 0]).At(0.99999999).AsText());
    }

    [Fact]
    public void Values_that_are_equal_collapse_in_a_grid_and_count_twice_in_draws()
    {
        var list = new Categorical([ParameterValue.Of(3000000L), ParameterValue.Of(3e6), ParameterValue.Of(true), ParameterValue.Of(1L)]);
        Assert.Equal("3000000 true 1", Gridded(list));
        Assert.Equal(1000, Units.Count(unit => list.At(unit).Equals(ParameterValue.Of(3e6))));
    }

    private static string Drawn(Distribution distribution) =>
        string.Join(' ', Units.Select(unit => distribution.At(unit)).Distinct().OrderBy(v => v.AsReal()));

    private static string Gridded(Distribution distribution) =>
        string.Join(' ', Enumerable.Range(0, (int)distribution.GridCount!.Value).Select(i => distribution.GridValue(i)));
}
