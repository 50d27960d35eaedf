using SeqMnistSweep.Cli.Console;
using Spectre.Console;

namespace SeqMnistSweep.Cli.Tests.Console;

public sealed class ConsoleProfileTests
{
    [Theory]
    [InlineData(80, "", "auto", true)]
    [InlineData(null, "", "auto", false)]
    [InlineData(80, "NO_COLOR=1", "auto", false)]
    [InlineData(80, "NO_COLOR=", "auto", true)]
    [InlineData(80, "SEQSWEEP_NO_COLOR=1", "auto", false)]
    [InlineData(80, "TERM=dumb", "auto", false)]
    [InlineData(null, "FORCE_COLOR=1", "auto", true)]
    [InlineData(null, "FORCE_COLOR=0", "auto", false)]
    [InlineData(null, "CLICOLOR_FORCE=1", "auto", true)]
    [InlineData(null, "GITHUB_ACTIONS=true", "auto", false)]
    [InlineData(80, "NO_COLOR=1 FORCE_COLOR=1", "auto", false)]
    [InlineData(80, "NO_COLOR=1", "always", true)]
    [InlineData(null, "", "always", true)]
    [InlineData(80, "FORCE_COLOR=1", "never", false)]
    public void Colour_follows_the_flag_then_the_environment_then_the_terminal(int? width, string variables, string mode, bool expected) =>
        Assert.Equal(expected, Decide(width, variables, mode).Colour);

    [Theory]
    [InlineData(null, "FORCE_COLOR=1")]
    [InlineData(80, "TERM=dumb")]
    public void Nothing_is_animated_off_a_terminal(int? width, string variables) => Assert.False(Decide(width, variables).Animation);

    [Theory]
    [InlineData("NO_COLOR=1", "auto")]
    [InlineData("", "never")]
    public void Without_colour_a_terminal_is_animated_all_the_same(string variables, string mode) => Assert.True(Decide(80, variables, mode).Animation);

    [Fact]
    public void COLUMNS_narrows_a_terminal_and_does_nothing_in_a_pipe()
    {
        Assert.Equal(60, Decide(80, "COLUMNS=60").Width);
        Assert.Equal(80, Decide(80, "COLUMNS=nonsense").Width);
        Assert.Null(Decide(null, "COLUMNS=60").Width);
    }

    [Theory]
    [InlineData("LANG=en_US.UTF-8", true)]
    [InlineData("LANG=C.utf8", true)]
    [InlineData("LANG=C", false)]
    [InlineData("LC_ALL=C LANG=en_US.UTF-8", false)]
    [InlineData("", false)]
    public void Drawing_uses_Unicode_where_the_locale_has_it(string variables, bool expected) => Assert.Equal(expected, Decide(80, variables).Unicode);

    [Fact]
    public void A_Spectre_console_without_colour_writes_no_escape()
    {
        var writer = new StringWriter();
        Decide(null, "GITHUB_ACTIONS=true").Over(writer).MarkupLine("[red]a[/] [link=https://example.org]b[/]");
        Assert.Equal("a b\n", writer.ToString().ReplaceLineEndings("\n"));
    }

    private static ConsoleProfile Decide(int? width, string variables, string mode = "auto")
    {
        var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return ConsoleProfile.Decide(width, environment.GetValueOrDefault, mode);
    }
}
