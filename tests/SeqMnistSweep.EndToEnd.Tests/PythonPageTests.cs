using System.Text.RegularExpressions;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>What sweeps/python.md promises to somebody who has a script: every block of it as printed.</summary>
public sealed partial class PythonPageTests
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(SeqSweep.Repository, "sweeps", "python.md"));

    [Theory]
    [InlineData("## Your own script in five minutes")]
    [InlineData("## From W&B")]
    [InlineData("## From Ray Tune")]
    public async Task A_section_runs_as_printed(string heading)
    {
        using var place = new SeqSweep();
        await RunAsync(place, heading);
        Assert.All(
            place.Reader.Sweeps().SelectMany(sweep => place.Reader.LoadSweep(SweepId.Parse(sweep.Sweep))!.Trials)
                .Where(trial => trial.Worker != "elsewhere"), // those that a section imports have failed or not
            trial => Assert.True(trial.State is TrialState.Completed or TrialState.Pruned && trial.Value is not null, trial.Message));
    }

    [NeedsNetworkFact("optuna")]
    public async Task What_it_says_of_Optuna_runs_as_printed()
    {
        // A network of its own: the section is about the default ports, which others may use.
        using var network = new Network("head");
        using var place = new SeqSweep();
        await RunAsync(place, "## From Optuna", network.On("head"));
    }

    [RequiresPythonFact("pandas")]
    public async Task What_it_says_of_notebooks_runs_as_printed()
    {
        using var place = new SeqSweep();
        await RunAsync(place, "## In a notebook");
    }

    /// <summary>Types the section's commands in a folder with the files of the whole page, and looks for the output that it shows.</summary>
    private static async Task RunAsync(SeqSweep place, string heading, params string[] inside)
    {
        foreach (var (name, text) in Files())
        {
            place.Write(name, text);
        }

        var lines = Consoles(heading);
        var commands = lines.Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]);
        place.Write("page.sh", $"set -eu\nPATH=\"/usr/bin:$PATH:{Path.GetDirectoryName(SeqSweep.Program)}\"\n{string.Join('\n', commands)}\n");
        await using var typed = new RunningProgram("bash", ["page.sh"], place.Folder, inside);
        var ended = (await typed.EndAsync()).WithoutStackTrace().Expect(0);
        Assert.All(
            lines.Where(line => !line.StartsWith("$ ", StringComparison.Ordinal)),
            line => Assert.Contains(line, ended.Output, StringComparison.Ordinal));
    }

    /// <summary>The blocks that the line before gives a name.</summary>
    private static IEnumerable<(string Name, string Text)> Files()
    {
        for (var at = 0; at < Page.Length; at++)
        {
            if (Page[at] is not ("```python" or "```yaml" or "```csv")) continue;

            var name = FileName().Matches(Page[at - 2]).Last().Groups[1].Value;
            yield return (name, string.Join('\n', Page.Skip(at + 1).TakeWhile(line => line != "```")) + "\n");
        }
    }

    private static List<string> Consoles(string heading)
    {
        var lines = new List<string>();
        var isConsole = false;
        foreach (var line in Page.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isConsole = line == "```console";
            }
            else if (isConsole)
            {
                lines.Add(line);
            }
        }

        Assert.NotEmpty(lines);
        return lines;
    }

    [GeneratedRegex(@"`([\w.]+\.(?:py|yaml|csv))`")]
    private static partial Regex FileName();
}
