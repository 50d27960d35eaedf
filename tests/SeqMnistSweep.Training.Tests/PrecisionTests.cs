namespace SeqMnistSweep.Training.Tests;

public sealed class PrecisionTests
{
    [Fact]
    public void What_a_device_cannot_do_is_said_with_the_cure()
    {
        Assert.Contains("use fp32", Precision.WhyNot("tf32", onCuda: false)!, StringComparison.Ordinal);
        Assert.All(new[] { "fp32", "tf32", "bf16" }, precision => Assert.Null(Precision.WhyNot(precision, onCuda: true)));
        Assert.All(new[] { "fp32", "bf16" }, precision => Assert.Null(Precision.WhyNot(precision, onCuda: false)));
    }
}
