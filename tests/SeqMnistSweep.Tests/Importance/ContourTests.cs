using SeqMnistSweep.Importance;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Importance;

public sealed class ContourTests
{
    private static readonly SearchSpace Space = Sweeps.Valid("""
        program: ask
        method: random
        run_cap: 1
        metric: {name: loss}
        parameters:
          x: {min: 0.0, max: 1.0}
          rate: {distribution: log_uniform_values, min: 0.0001, max: 1.0}
          n: {min: 1, max: 9}
          kind: {values: [a, b]}
          far: {min: 0.0, max: 1.0, when: {kind: b}}
        constraints: [{require: x + rate <= 1.2}]
        """).Space;

    [Fact]
    public void Ranges_of_numbers_can_be_a_side() => Assert.Equal(["x", "rate", "n", "far"], Contour.Sides(Space));

    [Fact]
    public void Cells_have_the_value_near_by_none_where_nobody_was_and_say_what_cannot_be()
    {
        var points = Points((0.05, 0.0002, 5), (0.06, 0.0003, 5), (0.9, 0.0002, 1), (0.95, 0.0003, 1));
        var contour = Contour.Of(Space, points, maximize: false, ("x", "rate"), 10, 8)!;
        Assert.Equal((0.05, 0.95, 0.0001, 1.0), (Math.Round(contour.X.At[0], 9), Math.Round(contour.X.At[9], 9), Math.Round(contour.Y.Low, 9), Math.Round(contour.Y.High, 9)));
        Assert.True(contour.Y.Logarithmic);
        Assert.Equal(80, contour.Values.Count);
        Assert.Equal(5, contour.Values[0]!.Value, 1);
        Assert.Equal(1, contour.Values[9]!.Value, 1);
        Assert.Null(contour.Values[75]);
        Assert.Equal([76, 77, 78, 79], contour.Infeasible);
        Assert.Equal([1, 2, 3, 4], contour.Points.Select(point => point.Number));
    }

    [Fact]
    public void Who_lacks_a_side_is_left_out_and_nothing_is_drawn_without_any()
    {
        var points = Points((0.1, 0.1, 1), (0.2, 0.1, 1));
        Assert.Null(Contour.Of(Space, points, false, ("x", "far"), 4, 4));
        Assert.Null(Contour.Of(Space, points, false, ("x", "kind"), 4, 4));
        Assert.Null(Contour.Of(Space, points, false, ("x", "x"), 4, 4));
        Assert.Null(Contour.Of(Space, points, false, ("x", "nosuch"), 4, 4));
        var whole = Contour.Of(Space, points, false, ("x", "n"), 4, 4)!;
        Assert.Equal((1, 9), (whole.Y.Low, whole.Y.High));
    }

    private static ComparedPoints Points(params (double X, double Rate, double Value)[] points) => new(null, [.. points.Select((point, i) =>
        new ComparedPoint(i + 1, new ParameterSet(
        [
            new("x", ParameterValue.Of(point.X)), new("rate", ParameterValue.Of(point.Rate)), new("n", ParameterValue.Of(3L)),
            new("kind", ParameterValue.Of("a")),
        ]), point.Value, false))]);
}
