using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Commands;

/// <summary>What agents are told in <c>sweeps/examples/SKILL.md</c>.</summary>
public sealed class SkillTests : IDisposable
{
    private static readonly string Skill = File.ReadAllText(RepositoryFiles.PathOf("sweeps", "examples", "SKILL.md"));

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_command_in_it_is_understood()
    {
        var lines = Blocks("console").SelectMany(block => block.Split('\n')).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0).ToList();
        Assert.True(lines.Count > 12, $"{lines.Count} commands were found");
        Assert.All(lines, line =>
        {
            Assert.StartsWith("seqsweep ", line, StringComparison.Ordinal);
            Assert.Empty(JsonAnswer.Parse(System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line["seqsweep ".Length..]).ToArray()).Errors);
        });
    }

    [Fact]
    public async Task Its_sweep_file_is_valid_and_has_as_many_trials_as_it_says()
    {
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "sweep.yaml"), Blocks("yaml").Single());
        Assert.Empty((await _place.RunJsonAsync("validate", "sweep.yaml"))[0]!["diagnostics"]!.AsArray());
        Assert.Equal(20, (int)(await _place.RunJsonAsync("plan", "sweep.yaml"))["trials"]!);
    }

    [Fact]
    public void It_has_every_exit_code_of_a_command()
    {
        var codes = Skill.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2])).Select(line => line[2] - '0');
        Assert.Equal(
            [ExitCodes.Ok, ExitCodes.Bug, ExitCodes.Usage, ExitCodes.InvalidSweepFile, ExitCodes.NotAllowed, ExitCodes.NotFound, ExitCodes.HeadUnreachable, ExitCodes.SweepFailed, ExitCodes.NotFinished],
            codes);
    }

    private static IEnumerable<string> Blocks(string language) => Skill.Split("```" + language + "\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]);
}
