using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Tests.Console;

public sealed class WordWrapTests
{
    private const string Path = "/data/sweeps/of/last/week/.seqsweep/sweeps.db";

    [Fact]
    public void Lines_end_at_the_last_space_that_fits()
    {
        Assert.Equal(["one two", "three"], WordWrap.Lines("one two three", 7));
        Assert.Equal(["one two", "three"], WordWrap.Lines("one two three", 12));
        Assert.Equal(["one two three"], WordWrap.Lines("one two three", 13));
        Assert.Equal([""], WordWrap.Lines("", 5));
    }

    [Fact]
    public void A_path_or_an_address_that_is_longer_than_the_line_stays_whole()
    {
        Assert.Equal(["there is no", "database", Path, "or it is", "hidden"], WordWrap.Lines($"there is no database {Path} or it is hidden", 12));
        Assert.Equal([Path], WordWrap.Lines(Path, 12));
        Assert.Equal(["see", "http://gpu-head:8080/s/tcn-7f3k/analysis"], WordWrap.Lines("see http://gpu-head:8080/s/tcn-7f3k/analysis", 20));
    }

    [Fact]
    public void Several_spaces_within_a_line_stay_and_none_begins_or_ends_one() =>
        Assert.Equal(["one   two", "three"], WordWrap.Lines("one   two   three", 11));
}
