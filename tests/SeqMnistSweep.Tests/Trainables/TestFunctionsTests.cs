using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Tests.Trainables;

public sealed class TestFunctionsTests
{
    [Theory]
    [InlineData("branin", 0.397887, Math.PI, 2.275)]
    [InlineData("branin", 0.397887, -Math.PI, 12.275)]
    [InlineData("hartmann6", -3.32237, 0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573)]
    [InlineData("ackley5", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)]
    [InlineData("rosenbrock4", 0.0, 1.0, 1.0, 1.0, 1.0)]
    public void A_function_has_its_published_minimum_where_it_was_published(string program, double minimum, params double[] at)
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
