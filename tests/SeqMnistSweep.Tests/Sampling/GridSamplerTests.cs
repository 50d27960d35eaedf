using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Sampling;

public sealed class GridSamplerTests
{
    private const string External = "method: grid\nprogram: train.py\nmetric: {name: loss}\n";

    [Fact]
    public void Names_are_sorted_and_the_last_is_fastest()
    {
        var points = Proposals.Of(Sweeps.Valid(External + "parameters: {b: {values: [1, 2]}, a: {values: [x, y]}, c: {value: 0}}"));
        Assert.Equal(["b=1 a=x c=0", "b=2 a=x c=0", "b=1 a=y c=0", "b=2 a=y c=0"], points.Select(p => p.ToString()));
    }

    [Fact]
    public void Names_are_sorted_by_their_bytes()
    {
        var points = Proposals.Of(Sweeps.Valid(External + "parameters: {a: {values: [1, 2]}, B: {values: [1, 2]}}"));
        Assert.Equal("a=2 B=1", points[1].ToString());
    }

    [Fact]
    public void Repeated_values_collapse() =>
        Assert.Equal(15, Proposals.Of(Sweeps.Valid(External + "parameters: {a: {values: [1, 2, 3, 4, 5, 2.0]}, b: {min: 1, max: 3}}")).Count);

    [Fact]
    public void A_configuration_of_constants_is_one_point() =>
        Assert.Equal("a=1", Assert.Single(Proposals.Of(Sweeps.Valid(External + "parameters: {a: {value: 1}}"))).ToString());

    [Fact]
    public void Inactive_parameters_do_not_multiply_points()
    {
        var points = Proposals.Of(Sweeps.Valid(External + """
            parameters:
              opt: {values: [adam, sgd]}
              momentum: {values: [0.5, 0.9], when: {opt: sgd}}
              nesterov: {values: [true, false], when: {momentum: [0.9, 0.95]}}
            """));
        Assert.Equal(
            ["opt=adam", "opt=sgd momentum=0.5", "opt=sgd momentum=0.9 nesterov=true", "opt=sgd momentum=0.9 nesterov=false"],
            points.Select(p => p.ToString()).OrderBy(p => p.Length).ThenByDescending(p => p, StringComparer.Ordinal).OrderBy(p => p.Length));
    }

    [Fact]
    public void Zipped_parameters_move_together()
    {
        var points = Proposals.Of(Sweeps.Valid(External + "parameters: {a: {values: [1, 2, 1]}, b: {values: [x, y, x]}, c: {values: [0, 1]}}\nzip: [[b, a]]"));
        Assert.Equal(["a=1 b=x c=0", "a=1 b=x c=1", "a=2 b=y c=0", "a=2 b=y c=1"], points.Select(p => p.ToString()));
    }

    [Fact]
    public void Nested_parameters_come_back_as_maps()
    {
        var points = Proposals.Of(Sweeps.Valid(External + "parameters: {m: {parameters: {depth: {values: [1, 2]}, o: {parameters: {k: {value: 3}}}}}, z: {value: 0}}"));
        Assert.Equal(["""{"m":{"depth":1,"o":{"k":3}},"z":0}""", """{"m":{"depth":2,"o":{"k":3}},"z":0}"""], points.Select(p => p.ToJson()));
    }

    [Fact]
    public void Infeasible_points_are_left_out_and_counted()
    {
        var sweep = Sweeps.Valid("method: grid\nparameters: {levels: {min: 4, max: 9}, kernel_size: {values: [3, 5, 7, 9]}}");
        var proposals = Proposals.Walk(sweep).ToList();
        Assert.Equal(12, proposals.Count);
        Assert.All(proposals, p => Assert.Null(sweep.Space.Check(p.Parameters)));
        Assert.True(proposals.Sum(p => p.Infeasible) is > 0 and <= 12);
    }

    [Fact]
    public void Enqueued_points_come_first_and_once()
    {
        var sweep = Sweeps.Valid("method: grid\nparameters: {levels: {values: [7, 8]}, dropout: {values: [0.0, 0.1]}}\nenqueue: [{levels: 8, dropout: 0.1}, {levels: 9, dropout: 0}, {}]");
        Assert.Equal(
            ["levels=8 dropout=0.1", "levels=9 dropout=0", "levels=8 dropout=0.05", "levels=7 dropout=0.0", "levels=8 dropout=0.0", "levels=7 dropout=0.1"],
            Proposals.Of(sweep).Select(p => p.ToString()));
    }

    [Fact]
    public void Any_cursor_goes_on_where_a_walk_would()
    {
        var sweep = Sweeps.Valid("method: grid\nparameters: {levels: {min: 5, max: 9}, kernel_size: {values: [3, 5, 7, 9]}, dropout: {values: [0.0, 0.1]}}");
        var whole = Proposals.Walk(sweep).ToList();
        var sampler = SamplerCatalog.Create(sweep);
        for (var i = 1; i < whole.Count; i++)
        {
            Assert.Equal(whole[i].Parameters, sampler.Propose(whole[i - 1].NextCursor, new SearchHistory())!.Parameters);
        }
    }
}
