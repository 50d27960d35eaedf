using System.CommandLine;
using System.CommandLine.Parsing;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.SweepFiles.Reading;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>What the files under deploy/ start is what the program understands.</summary>
public sealed class CommandTests
{
    private static readonly string[] Times = ["--drain-time", "--until-idle", "--max-time"];

    public static TheoryData<string> Files => new(DeployFiles.All);

    public static TheoryData<string> Commands => new(DeployedCommand.All.Select(command => command.ToString()).Distinct());

    /// <summary>Fails for a file that no test reads.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_is_of_a_kind_that_is_checked(string file)
    {
        string[] start = ["README.md", "compose.yaml", "docker/Dockerfile.head", "docker/Dockerfile.worker", "systemd/head.env", "systemd/worker.env"];
        var commands = DeployedCommand.In(file).Count();
        Assert.True(commands > 0 || !start.Contains(file), $"deploy/{file} names no command of seqsweep, or this test does not see it");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_is_one_that_the_program_understands(string text)
    {
        var command = DeployedCommand.All.First(command => command.ToString() == text);
        var parsed = CommandLine.Build(CommandContext.OfProcess()).Parse([.. command.Arguments], new ParserConfiguration { ResponseFileTokenReplacer = null });
        Assert.Empty(parsed.Errors.Select(error => error.Message));
        Assert.Empty(parsed.UnmatchedTokens);
        Assert.Equal(command.Verb, PathOf(parsed.CommandResult.Command)[0]);

        // The parser would take a mistyped option for an argument.
        var taken = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        Assert.DoesNotContain(taken, token => token.StartsWith("--", StringComparison.Ordinal));
        Assert.All(Times.Select(time => command[time]).OfType<string>(), time => Assert.NotNull(Quantities.Duration(time)));
    }

    [Fact]
    public void Every_target_starts_a_head_or_says_where_it_is_and_starts_workers()
    {
        var started = DeployedCommand.All.Where(command => command.Grace is not null).Select(command => (command.File.Split('/')[0], command.Verb)).Distinct().Order();
        Assert.Equal([("compose.yaml", "head"), ("compose.yaml", "worker"), ("kubernetes", "head"), ("kubernetes", "worker"), ("slurm", "worker"), ("systemd", "head"), ("systemd", "worker")], started);
    }

    [Fact]
    public void Nothing_trusts_its_network() => Assert.All(DeployedCommand.All, command => Assert.DoesNotContain("--insecure", command.Arguments));

    private static List<string> PathOf(Command command) => command is RootCommand ? [] : [.. PathOf(command.Parents.OfType<Command>().First()), command.Name];
}
