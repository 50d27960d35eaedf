namespace SeqMnistSweep.Training.Tests;

public sealed class ThroughputTestTests
{
    [Fact]
    public void Each_line_of_input_is_a_round_that_says_its_images_a_second()
    {
        using var output = new StringWriter();
        ThroughputTest.Run("cpu", null, TimeSpan.FromMilliseconds(1), new StringReader("go\ngo\n"), output);
        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal((3, "ready"), (lines.Length, lines[0]));
        Assert.All(lines[1..], line => Assert.True(double.Parse(line) > 0));
    }
}
