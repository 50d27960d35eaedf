using SeqMnistSweep.Cli.Client;

namespace SeqMnistSweep.Cli.Tests.Client;

public sealed class ResultsChoiceTests
{
    private static readonly Uri Head = new("http://gpu-head:8080");

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, false, true)]
    public void A_file_that_is_named_wins_and_without_a_name_one_that_is_here_does(bool fileNamed, bool headNamed, bool exists) =>
        Assert.Equal(new ResultsChoice.File("x.db"), ResultsChoice.Of("x.db", fileNamed, exists, Head, headNamed));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_head_that_is_named_wins_over_a_file_that_merely_is_here(bool exists) =>
        Assert.Equal(new ResultsChoice.Head(Head), ResultsChoice.Of("x.db", fileNamed: false, exists, Head, headNamed: true));

    [Fact]
    public void With_neither_the_head_of_this_machine_is_tried() =>
        Assert.Equal(new ResultsChoice.HeadIfAny(Head, "x.db"), ResultsChoice.Of("x.db", fileNamed: false, fileExists: false, Head, headNamed: false));
}
