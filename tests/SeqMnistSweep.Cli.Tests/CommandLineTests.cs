using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private static readonly string[] VerbNames = [.. CommandLine.Build(CommandContext.OfProcess()).Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];

    private readonly Workplace _place = new();

    public static TheoryData<string> Verbs => new(VerbNames);

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("unknown command 'lst'", "did you mean 'list'?", "lst")]
    [InlineData("unknown command 'frobnicate'", "see `seqsweep --help`", "frobnicate")]
    [InlineData("unknown command 'diff'", "did you mean 'compare'?", "diff")]
    [InlineData("unknown command 'status'", "did you mean 'list'?", "status")]
    [InlineData("seqsweep compare needs 2 of SWEEP|TRIAL..., not 1", "see `seqsweep compare --help`", "compare", "one")]
    [InlineData("unknown option '--tpo'", "did you mean '--top'?", "leaderboard", "--tpo")]
    [InlineData("unknown option '-x'", "see `seqsweep query --help`", "query", "-x")]
    [InlineData("'bench' is now a program of its own", "tests/SeqMnistSweep.Benchmarks", "bench", "train")]
    [InlineData("'--faults' is now a program of its own", "tests/SeqMnistSweep.FaultSimulation", "simulate", "--faults", "4711")]
    [InlineData("unknown argument 'b'", "see `seqsweep leaderboard --help`", "leaderboard", "a", "b")]
    [InlineData("sql", "see `seqsweep query --help`", "query")]
    [InlineData("xml", "see `seqsweep list --help`", "list", "-o", "xml")]
    [InlineData("ten", "see `seqsweep leaderboard --help`", "leaderboard", "--top", "ten")]
    public async Task A_wrong_argument_is_one_message_and_one_suggestion_on_stderr(string message, string hint, params string[] args)
    {
        var run = await _place.RunAsync(args);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task On_a_terminal_an_error_breaks_at_spaces_and_a_path_stays_whole_and_a_pipe_gets_one_line()
    {
        _place.Width = 40;
        var error = (await _place.RunAsync("list", "--db", "no/such/folder/that/would/fit/a/line/of/forty/columns.db")).Error.Split('\n');
        Assert.Equal("error: there is no database", error[0]);
        Assert.StartsWith("       /", error[1], StringComparison.Ordinal);
        Assert.EndsWith("/no/such/folder/that/would/fit/a/line/of/forty/columns.db", error[1], StringComparison.Ordinal);

        _place.Width = null;
        Assert.StartsWith("error: there is no database /", (await _place.RunAsync("list", "--db", "no/such.db")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_an_error_is_JSON_on_stderr()
    {
        var run = await _place.RunAsync("list", "-o", "json", "--nonsense");
        var error = JsonNode.Parse(run.Error)!["error"]!;
        Assert.Equal(("usage", "unknown option '--nonsense'", ""), ((string)error["code"]!, (string)error["message"]!, run.Out));
    }

    [Fact]
    public async Task An_unexpected_error_says_how_to_report_it_and_shows_its_trace_on_request_only()
    {
        var context = new CommandContext(TextReader.Null, new BrokenWriter(), new StringWriter(), null, null, _place.Variables.GetValueOrDefault, "/", TimeProvider.System);

        Assert.Equal(1, await CommandLine.RunAsync(["version"], context));
        Assert.Contains("this is a bug", context.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", context.Error.ToString(), StringComparison.Ordinal);

        _place.Variables["SEQSWEEP_DEBUG"] = "1";
        Assert.Equal(1, await CommandLine.RunAsync(["version"], context));
        Assert.Contains("   at ", context.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line_or_an_object()
    {
        Assert.Equal($"seqsweep {ProgramVersion.Number}\n", (await _place.RunAsync("--version")).Out);
        var json = JsonNode.Parse((await _place.RunAsync("version", "-o", "json")).Out)!;
        Assert.Equal(ProgramVersion.Number, (string)json["version"]!);
        Assert.StartsWith("3.", (string)json["sqlite"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_arguments_and_help_are_the_same_and_list_every_verb()
    {
        var bare = await _place.RunAsync();
        var help = await _place.RunAsync("--help");
        Assert.Equal((0, bare.Out), (help.ExitCode, help.Out));
        Assert.All(VerbNames, verb => Assert.Contains(verb, bare.Out, StringComparison.Ordinal));
        Assert.All(bare.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_of_a_verb_leads_with_examples_and_fits_80_columns(string verb)
    {
        var run = await _place.RunAsync(verb, "--help");
        var lines = run.Out.Split('\n');
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith($"seqsweep {verb}", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"  seqsweep ", lines[2], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains("--output", run.Out, StringComparison.Ordinal);
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new InvalidOperationException("broken");
    }
}
