using System.Text.Json;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Trials;

public sealed class SamplePredictionTests
{
    private static readonly SamplePrediction[] Samples = [new(7, 7, 0.9987), new(2, 3, 0.5), new(1, 1, 1)];

    [Fact]
    public void Samples_are_read_as_they_were_written()
    {
        Assert.Equal("[[7,7,0.9987],[2,3,0.5],[1,1,1]]", SamplePrediction.Write(Samples));
        Assert.Equal(Samples, SamplePrediction.Read(Facts(SamplePrediction.Write(Samples))));
    }

    [Fact]
    public void Samples_of_older_databases_are_read_too() => Assert.Equal(Samples, SamplePrediction.Read(Facts("7:7:0.9987 2:3:0.5 1:1:1")));

    [Theory]
    [InlineData("")]
    [InlineData("7:7")]
    [InlineData("<img>")]
    [InlineData("7:7:0.9 x:1:0.2")]
    [InlineData("[7,7,0.9]")]
    [InlineData("[[7,7,1.5]]")]
    public void Anything_else_is_none(string text) => Assert.Empty(SamplePrediction.Read(Facts(text)));

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"samples":3}""")]
    public void A_trial_without_the_fact_has_none(string? facts) => Assert.Empty(SamplePrediction.Read(facts));

    private static string Facts(string text) => JsonSerializer.Serialize(new Dictionary<string, string> { [SamplePrediction.Fact] = text });
}
