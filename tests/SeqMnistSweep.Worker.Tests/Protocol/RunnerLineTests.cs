using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Tests.Protocol;

public sealed class RunnerLineTests
{
    public static TheoryData<string> Samples()
    {
        var data = new TheoryData<string>();
        foreach (var line in File.ReadLines(Readme()).Where(line => line.StartsWith("{\"type\"", StringComparison.Ordinal)))
        {
            data.Add(line);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_of_the_README_is_read_and_written_back_as_it_stands(string line)
    {
        if (line == RunnerLine.Ready)
        {
            return;
        }

        if (RunnerLine.TryRead<RunnerCommand>(line, out var command))
        {
            Assert.Equal(line, RunnerLine.Write(command!));
        }
        else
        {
            Assert.True(RunnerLine.TryRead<AttemptEvent>(line, out var message));
            Assert.Equal(line, RunnerLine.Write(message!));
        }
    }

    [Fact]
    public void Every_kind_of_message_has_a_sample()
    {
        var kinds = typeof(RunnerCommand).GetNestedTypes().Length + typeof(AttemptEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Count();
        Assert.Equal(kinds + 1, Samples().Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{")]
    [InlineData("{\"type\":\"unheard of\"}")]
    [InlineData("{\"type\":\"report\",\"epoch\":\"one\"}")]
    [InlineData("{\"type\":\"failed\",\"cause\":\"bad luck\",\"message\":\"\"}")]
    [InlineData("[1,2]")]
    public void A_line_that_is_no_message_is_not_read_and_does_no_harm(string line) =>
        Assert.False(RunnerLine.TryRead<AttemptEvent>(line, out _));

    [Fact]
    public void NaN_survives_the_line()
    {
        var metrics = ImmutableSortedDictionary<string, double>.Empty.Add("val_loss", double.NaN);
        Assert.True(RunnerLine.TryRead<AttemptEvent>(RunnerLine.Write<AttemptEvent>(new AttemptEvent.Reported(new EpochReport(1, metrics), null)), out var read));
        Assert.True(double.IsNaN(Assert.IsType<AttemptEvent.Reported>(read).Metrics["val_loss"]));
    }

    [Fact]
    public void Metrics_keep_every_bit()
    {
        var metrics = ImmutableSortedDictionary<string, double>.Empty.Add("val_loss", 0.1 + 0.2).Add("val_accuracy", 1.0 / 3);
        Assert.True(RunnerLine.TryRead<AttemptEvent>(RunnerLine.Write<AttemptEvent>(new AttemptEvent.Reported(new EpochReport(1, metrics), null)), out var read));
        Assert.True(new EpochReport(1, metrics).SaysTheSameAs(Assert.IsType<AttemptEvent.Reported>(read).Report));
    }

    private static string Readme()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SeqMnistSweep.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return Path.Combine(folder.FullName, "src", "SeqMnistSweep.Worker", "README.md");
    }
}
