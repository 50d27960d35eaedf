using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class EnqueuedPointTests
{
    private static readonly SearchSpace Space = SweepFile.Parse(
        """
        version: 1
        name: s
        program: noop
        method: random
        metric: {name: value, goal: minimize}
        parameters:
          lr: {distribution: log_uniform_values, min: 0.001, max: 0.1}
          hidden: {min: 8, max: 128}
          optimizer: {values: [Adam, SGD]}
          width: {distribution: normal, mu: 0, sigma: 1}
          epochs: {value: 2}
        """,
        "s.yaml").Definition!.Space;

    [Theory]
    [InlineData("0.01", "8", "SGD", "")]
    [InlineData("0.1", "128", "Adam", "")]
    [InlineData("0.5", "8", "SGD", "lr=0.5 lies outside of 0.001 to 0.1")]
    [InlineData("0.01", "7", "SGD", "hidden=7 lies outside of 8 to 128")]
    [InlineData("0.01", "8", "Lion", "optimizer=Lion is none of Adam, SGD")]
    public void A_value_that_the_search_would_not_try_is_named(string lr, string hidden, string optimizer, string said)
    {
        var point = EnqueuedPoint.Read(Space, new Dictionary<string, string> { ["lr"] = lr, ["hidden"] = hidden, ["optimizer"] = optimizer, ["width"] = "9" });
        Assert.Equal(said, string.Join("; ", EnqueuedPoint.Unusual(Space, point)));
    }
}
