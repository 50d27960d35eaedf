using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Tests.Trainables;

public sealed class TestFunctionsTests
{
    public static TheoryData<string, double, double[]> Minima => new()
    {
        { "branin", 0.397887, [Math.PI, 2.275] },
        { "branin", 0.397887, [-Math.PI, 12.275] },
        { "hartmann6", -3.32237, [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573] },
        { "ackley5", 0, [0, 0, 0, 0, 0] },
        { "rosenbrock4", 0, [1, 1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Minima))]
    public void A_function_has_its_published_minimum_where_it_was_published(string program, double minimum, double[] at)
    {
        var point = new ParameterSet(at.Select((x, i) => KeyValuePair.Create($"x{i}", ParameterValue.Of(x))));
        Assert.Equal(minimum, TestFunctions.Find(program)!(point), 5);
    }

    [Fact]
    public void Mixed_is_zero_at_its_best_configuration()
    {
        var point = ParameterSet.FromJson("""{"lr": 0.003, "levels": 8, "kernel_size": 7, "dropout": 0.05, "optimizer": "Adam"}""");
        Assert.Equal(0, TestFunctions.Find("mixed")!(point), 12);
        Assert.Equal(1, TestFunctions.Find("mixed")!(point.With("optimizer", ParameterValue.Of("SGD"))), 12);
    }
}
