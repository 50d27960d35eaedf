using SeqMnistSweep.Cli.Plots;

namespace SeqMnistSweep.Cli.Tests.Plots;

public sealed class CanvasTests
{
    [Fact]
    public void Braille_has_eight_dots_to_a_cell()
    {
        var canvas = new Canvas(2, 1, unicode: true);
        canvas.Dot(0, 0, Layer.Plain);
        canvas.Dot(1, 1, Layer.Plain);
        Assert.Equal("\u2840\u2808", canvas.Row(0, colour: false));
    }

    [Fact]
    public void Without_unicode_a_cell_is_a_character_by_its_layer()
    {
        var canvas = new Canvas(3, 2, unicode: false);
        canvas.Dot(0, 0, Layer.Quiet);
        canvas.Dot(0.5, 0, Layer.Plain);
        canvas.Dot(1, 0, Layer.Strong);
        Assert.Equal(("", ".*#"), (canvas.Row(0, colour: false), canvas.Row(1, colour: false)));
    }

    [Fact]
    public void What_lies_outside_is_not_drawn()
    {
        var canvas = new Canvas(3, 1, unicode: false);
        canvas.Dot(-0.1, 0, Layer.Plain);
        canvas.Dot(0, 1.1, Layer.Plain);
        canvas.Dot(double.NaN, 0, Layer.Plain);
        Assert.Equal("", canvas.Row(0, colour: false));
    }

    [Fact]
    public void A_line_has_no_gaps_and_the_stronger_layer_wins()
    {
        var canvas = new Canvas(5, 1, unicode: false);
        canvas.Line((0.5, 0), (0.5, 0), Layer.Strong);
        canvas.Line((0, 0), (1, 0), Layer.Plain);
        Assert.Equal("**#**", canvas.Row(0, colour: false));
        Assert.Equal("**\u001b[0;32m#\u001b[0m**", canvas.Row(0, colour: true));
    }

    [Theory]
    [InlineData(new[] { 1.0, 3.0 }, 1, 3)]
    [InlineData(new[] { 2.0 }, 1.8, 2.2)]
    [InlineData(new[] { 0.0 }, -1, 1)]
    [InlineData(new[] { double.NaN, double.PositiveInfinity }, 0, 1)]
    public void A_scale_never_has_equal_ends(double[] values, double low, double high) => Assert.Equal(new Scale(low, high), Scale.Of(values));
}
