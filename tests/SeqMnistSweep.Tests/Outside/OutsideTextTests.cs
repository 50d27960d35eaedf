using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Tests.Outside;

public sealed class OutsideTextTests
{
    [Theory]
    [InlineData("ada@lab", true)]
    [InlineData("Ädä ☺", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u001b[31m", false)]
    [InlineData("a\u009b31m", false)]
    [InlineData("a\u202Eb", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\0", false)]
    public void A_name_is_on_one_line_and_steers_nothing(string? text, bool isName) => Assert.Equal(isName, OutsideText.IsName(text));

    [Fact]
    public void A_name_has_at_most_100_characters_and_a_sentence_4000()
    {
        Assert.Null(OutsideText.NameProblem("by", new string('a', 100)));
        Assert.Equal("'by' has 1 to 100 characters and no control characters; this has 101", OutsideText.NameProblem("by", new string('a', 101)));
        Assert.Null(OutsideText.SentenceProblem("reason", new string('a', 4000)));
        Assert.Equal("'reason' has at most 4000 characters; this has 4001", OutsideText.SentenceProblem("reason", new string('a', 4001)));
        Assert.Null(OutsideText.SentenceProblem("reason", "two\nlines"));
    }

    [Fact]
    public void A_list_of_names_has_at_most_1000()
    {
        Assert.Null(OutsideText.NamesProblem("tags", [.. Enumerable.Repeat("a", 1000)]));
        Assert.NotNull(OutsideText.NamesProblem("tags", [.. Enumerable.Repeat("a", 1001)]));
        Assert.NotNull(OutsideText.NamesProblem("tags", ["a", null]));
    }

    [Theory]
    [InlineData("plain ☺ text", "plain ☺ text")]
    [InlineData("root\n20:00:00  error: the head was compromised\r", "root 20:00:00  error: the head was compromised ")]
    [InlineData("\u001b]0;owned\u0007\u001b[31mred", " ]0;owned  [31mred")]
    [InlineData("a\u202Etxt.exe\u2066\u200F", "a txt.exe  ")]
    public void What_is_shown_is_on_one_line_and_steers_no_terminal(string text, string shown) => Assert.Equal(shown, OutsideText.OnOneLine(text));

    [Fact]
    public void What_nobody_can_be_asked_for_again_is_cut()
    {
        Assert.Equal(4000, OutsideText.Sentence(new string('a', 5000)).Length);
        Assert.EndsWith("a ...", OutsideText.Sentence(new string('a', 5000)), StringComparison.Ordinal);
        Assert.Equal("two\nlines", OutsideText.Sentence("two\nlines"));
        Assert.Equal("cpu red", OutsideText.Name("cpu\u001bred"));
    }
}
