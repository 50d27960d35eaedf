using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Tests.Commands;

public sealed class SecretOptionTests
{
    private const string Secret = "redis://u:s3cret@h/0";

    private static string? Read(string? given, string? variable, string folder) => SecretOption.Read(
        "--membership", given, "SEQSWEEP_MEMBERSHIP",
        new CommandContext(TextReader.Null, TextWriter.Null, TextWriter.Null, null, null, name => name == "SEQSWEEP_MEMBERSHIP" ? variable : null, folder, TimeProvider.System));

    [Fact]
    public void It_is_read_from_a_file_or_a_variable()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["place"], $"{Secret}\n");
        Assert.Equal(Secret, Read("@place", null, folder.Path));
        Assert.Equal(Secret, Read(null, Secret, folder.Path));
        Assert.Equal("head", Read("head", Secret, folder.Path));
        Assert.Null(Read(null, "", folder.Path));
        Assert.Throws<CommandError>(() => Read("@nowhere", null, folder.Path));
    }

    [Theory]
    [InlineData(Secret)]
    [InlineData("mysql://u:s3cret@h/db")]
    [InlineData("postgres//u:s3cret@h/db")]
    [InlineData("u:s3cret@h")]
    [InlineData("http://user:s3cret@hooks.example/T0")]
    public void A_password_on_the_command_line_is_refused_and_not_repeated(string given)
    {
        var error = Assert.Throws<CommandError>(() => Read(given, null, "/"));
        Assert.DoesNotContain("s3cret", error.Message + error.Hint, StringComparison.Ordinal);
        Assert.Contains("--membership @FILE", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://h")]
    [InlineData("postgres://ada@h:5432/db")]
    [InlineData("https://hooks.example/T0")]
    public void What_has_no_password_may_stand_there(string given) => Assert.Equal(given, Read(given, null, "/"));
}
