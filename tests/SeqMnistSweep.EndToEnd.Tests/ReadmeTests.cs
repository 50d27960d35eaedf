using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>What the README promises to somebody who has just cloned the repository.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void It_names_the_two_commands()
    {
        var lines = File.ReadAllLines(Path.Combine(SeqSweep.Repository, "README.md"));
        Assert.Contains("dotnet run -c Release --project src/SeqMnistSweep.Cli -- run sweeps/quickstart.yaml", lines);
        Assert.Contains("dotnet test -c Release", lines);
    }

    [Fact]
    public async Task The_quickstart_completes_and_tells_good_from_bad()
    {
        using var sweep = new SeqSweep();
        var ended = (await sweep.RunAsync("run", Path.Combine(SeqSweep.Repository, "sweeps", "quickstart.yaml"))).WithoutStackTrace().Expect(0);

        var loaded = sweep.OnlySweep();
        Assert.Equal(8, loaded.Trials.Count);
        Assert.All(loaded.Trials, trial => Assert.Equal(TrialState.Completed, trial.State));
        Assert.True(loaded.Trials.Max(trial => trial.Value) - loaded.Trials.Min(trial => trial.Value) >= 0.05, ended.Output);
        Assert.All(loaded.Trials, trial => Assert.NotNull(trial.TestAccuracy));
    }
}
