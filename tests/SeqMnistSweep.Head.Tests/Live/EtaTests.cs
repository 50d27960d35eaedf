using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Tests.Live;

public sealed class EtaTests
{
    [Fact]
    public void What_is_left_takes_as_long_as_what_has_ended() =>
        Assert.Equal((50, 0), Of(Eta.Of(10, 2, [10, 10, 10], [])));

    [Fact]
    public void What_running_trials_have_behind_them_counts() =>
        Assert.Equal((45, 0), Of(Eta.Of(10, 2, [10, 10, 10], [4, 6])));

    [Fact]
    public void A_trial_that_takes_longer_than_the_others_counts_as_one() =>
        Assert.Equal((0, 0), Of(Eta.Of(1, 1, [10, 10], [500])));

    [Fact]
    public void Trials_that_differ_widen_the_spread()
    {
        var narrow = Eta.Of(10, 2, [9, 10, 11], [])!.Spread;
        var wide = Eta.Of(10, 2, [5, 10, 15], [])!.Spread;
        Assert.True(0 < narrow && narrow < wide, $"{narrow} {wide}");
    }

    [Fact]
    public void One_trial_alone_says_little() => Assert.True(Eta.Of(10, 1, [10], [])!.Spread > 40);

    [Fact]
    public void Nothing_is_said_without_an_end_a_slot_or_a_trial_to_judge_by()
    {
        Assert.Null(Eta.Of(null, 2, [10], []));
        Assert.Null(Eta.Of(10, 0, [10], []));
        Assert.Null(Eta.Of(10, 2, [], []));
        Assert.Null(Eta.Of(0, 2, [10], []));
    }

    private static (double, double) Of(Eta? eta) => (eta!.Seconds, eta.Spread);
}
