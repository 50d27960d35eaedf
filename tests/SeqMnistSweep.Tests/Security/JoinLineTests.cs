using SeqMnistSweep.Security;

namespace SeqMnistSweep.Tests.Security;

public sealed class JoinLineTests
{
    private static readonly string Pin = new('a', 64);
    private static readonly string Word = Secret.Create();

    [Theory]
    [InlineData("https://10.0.0.5:8080/")]
    [InlineData("https://[fd00::1]:8080/")]
    [InlineData("https://gpu-head.lab/")]
    public void A_line_is_read_as_it_was_printed(string head)
    {
        var line = new JoinLine(new Uri(head), Pin, Word);

        Assert.Equal(line, JoinLine.Parse(line.ToString()));
        Assert.Equal(line, JoinLine.Parse($"  {line}\n"));
    }

    [Theory]
    [InlineData("http://h:1#ssj1.{0}.{1}")]
    [InlineData("h:1#ssj1.{0}.{1}")]
    [InlineData("https://h:1")]
    [InlineData("https://h:1#ssj2.{0}.{1}")]
    [InlineData("https://h:1#ssj1.{0}")]
    [InlineData("https://h:1#ssj1.{0}.{1}.{1}")]
    [InlineData("https://h:1#ssj1.{0}.{1}x")]
    [InlineData("https://h:1#ssj1.A{0}.{1}")]
    [InlineData("")]
    public void Anything_else_is_refused_without_being_repeated(string form)
    {
        var error = Assert.Throws<FormatException>(() => JoinLine.Parse(string.Format(null, form, Pin, Word)));

        Assert.DoesNotContain(Word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_differ_and_are_compared_whole()
    {
        Assert.NotEqual(Secret.Create(), Word);
        Assert.True(Secret.IsWellFormed(Word));
        Assert.True(Secret.AreEqual(Word, string.Concat(Word)));
        Assert.False(Secret.AreEqual(Word, Word[..42]));
        Assert.False(Secret.AreEqual(Word, ""));
    }
}
