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

    /// <summary>With the sweep of the first command, which has the same results wherever it runs.</summary>
    [NeedsNetworkFact]
    public async Task The_tour_over_several_machines_runs_as_printed()
    {
        // A network of its own: the tour is about the default ports, which others may use.
        using var network = new Network("head");
        using var place = new SeqSweep();
        File.CreateSymbolicLink(Path.Combine(place.Folder, "sweeps"), Path.Combine(SeqSweep.Repository, "sweeps"));
        var commands = Commands("## Over several machines");
        Assert.Contains(commands, line => line.StartsWith("kill -9", StringComparison.Ordinal));
        place.Write("tour.sh", $"set -eu\nPATH=\"$PATH:{Path.GetDirectoryName(SeqSweep.Program)}\"\n{string.Join('\n', commands)}\nkill %1 %3\nwait %1 %3\n");
        await using var tour = new RunningProgram("bash", ["tour.sh"], place.Folder, network.On("head"));
        var ended = (await tour.EndAsync()).WithoutStackTrace().Expect(0);

        var loaded = place.OnlySweep();
        Assert.Equal(SweepState.Completed, loaded.Sweep.State);
        Assert.Equal(8, loaded.Trials.Count);
        Assert.All(loaded.Trials, trial => Assert.Equal(TrialState.Completed, trial.State));
        Assert.All(loaded.Trials, trial => Assert.NotNull(trial.TestAccuracy));
        Assert.True(loaded.Trials.Max(trial => trial.Value) - loaded.Trials.Min(trial => trial.Value) >= 0.05, $"it tells good from bad:\n{ended.Output}");
        var actors = place.Reader.Events(loaded.Sweep.Id).Select(e => e.Actor).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(["one", "two"], StringComparer.Ordinal), actors);
        Assert.All(loaded.Trials, trial => Assert.Equal(Enumerable.Range(1, trial.Epoch), loaded.Reports.Where(report => report.Trial == trial.Number).Select(report => report.Report.Epoch)));
        Assert.Contains(loaded.Sweep.Id.Value + "/", ended.Output, StringComparison.Ordinal);
    }

    /// <summary>What a reader types: the lines of the first console block below that heading that begin with a dollar sign.</summary>
    private static List<string> Commands(string heading) =>
    [
        .. File.ReadAllLines(Path.Combine(SeqSweep.Repository, "README.md"))
            .SkipWhile(line => line != heading)
            .SkipWhile(line => line != "```console").Skip(1)
            .TakeWhile(line => line != "```")
            .Where(line => line.StartsWith("$ ", StringComparison.Ordinal))
            .Select(line => line[2..]),
    ];
}
