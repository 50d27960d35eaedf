using SeqMnistSweep.Cli.Commands;

namespace SeqMnistSweep.Cli.Tests.Client;

public sealed class ResultsChoiceTests
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, false, true)]
    public void A_file_that_is_named_wins_and_without_a_name_one_that_is_here_does(bool fileNamed, bool headNamed, bool exists) =>
        Assert.True(CommonOptions.ReadsFile(fileNamed, exists, headNamed));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_head_that_is_named_wins_over_a_file_that_merely_is_here(bool exists) =>
        Assert.False(CommonOptions.ReadsFile(fileNamed: false, exists, headNamed: true));

    [Fact]
    public void With_neither_the_head_of_this_machine_is_tried() =>
        Assert.False(CommonOptions.ReadsFile(fileNamed: false, fileExists: false, headNamed: false));
}
