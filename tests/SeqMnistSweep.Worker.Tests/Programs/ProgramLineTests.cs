using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Worker.Tests.Programs;

public sealed class ProgramLineTests
{
    [Fact]
    public void Numbers_and_booleans_are_metrics_also_nested_ones_and_the_rest_is_passed_over()
    {
        var said = ProgramLine.Parse("""{"epoch": 2, "val_loss": 0.5, "note": "fine", "steps": 7, "ok": true, "val": {"acc": 0.25, "deep": {"x": false}, "list": [1]}, "checkpoint": "a/last.pt"}""")!;
        Assert.Equal(2, said.Epoch);
        Assert.Equal("a/last.pt", said.Checkpoint);
        Assert.Equal([("ok", 1.0), ("steps", 7.0), ("val.acc", 0.25), ("val.deep.x", 0.0), ("val_loss", 0.5)], said.Metrics.Select(metric => (metric.Key, metric.Value)));
    }

    [Fact]
    public void Numbers_that_JSON_lacks_may_be_written_as_Python_does_or_as_text()
    {
        var said = ProgramLine.Parse("""{"a": NaN, "b": Infinity, "c": -Infinity, "d": "NaN", "e": "is NaN, \" NaN", "NaN": 1}""")!;
        Assert.Equal([1.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.NaN], said.Metrics.Values);
    }

    [Theory]
    [InlineData("{\"epoch\":\"3\",\"loss\":\"0.5\"}")]
    [InlineData("  \t{\"epoch\": 3.0, \"loss\": 5e-1}  ")]
    [InlineData("\uFEFF{\"epoch\": 3, \"loss\": \" 0.5 \"}\r")]
    [InlineData(" 10%|#         |\r100%|##########|\r{\"epoch\": 3, \"loss\": 0.5}")]
    public void Blanks_and_a_progress_bar_around_it_and_numbers_as_texts_do_no_harm(string line)
    {
        var said = ProgramLine.Parse(line.TrimEnd('\r'))!;
        Assert.Equal((3, 0.5), (said.Epoch, said.Metrics["loss"]));
        Assert.Single(said.Metrics);
    }

    [Fact]
    public void Infinities_may_be_written_as_Pythons_texts()
    {
        var said = ProgramLine.Parse("""{"a": "inf", "b": "-inf", "c": "nan", "d": "infinity", "e": "1,5", "f": "", "g": "12 epochs"}""")!;
        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.PositiveInfinity], said.Metrics.Values);
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
