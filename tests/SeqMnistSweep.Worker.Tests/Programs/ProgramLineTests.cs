using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Worker.Tests.Programs;

public sealed class ProgramLineTests
{
    [Fact]
    public void Numbers_are_metrics_and_the_rest_is_passed_over()
    {
        var said = ProgramLine.Parse("""{"epoch": 2, "val_loss": 0.5, "note": "fine", "steps": 7, "ok": true, "checkpoint": "a/last.pt"}""")!;
        Assert.Equal(2, said.Epoch);
        Assert.Equal("a/last.pt", said.Checkpoint);
        Assert.Equal([("steps", 7.0), ("val_loss", 0.5)], said.Metrics.Select(metric => (metric.Key, metric.Value)));
    }

    [Fact]
    public void Numbers_that_JSON_lacks_may_be_written_as_Python_does_or_as_text()
    {
        var said = ProgramLine.Parse("""{"a": NaN, "b": Infinity, "c": -Infinity, "d": "NaN", "e": "is NaN, \" NaN", "NaN": 1}""")!;
        Assert.Equal([1.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.NaN], said.Metrics.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("epoch 1")]
    [InlineData("{}")]
    [InlineData("{\"epoch\": 1}")]
    [InlineData("{\"text\": \"only\"}")]
    [InlineData("{\"broken\": 1")]
    [InlineData("[1, 2]")]
    public void What_says_nothing_is_the_log(string line) => Assert.Null(ProgramLine.Parse(line));
}
