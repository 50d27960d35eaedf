using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Definitions;

namespace SeqMnistSweep.Cli.Tests.Exports;

public sealed class FrontVolumeTests
{
    private static readonly MetricGoal Loss = new("loss", false);
    private static readonly MetricGoal Accuracy = new("acc", true);

    [Fact]
    public void It_is_what_the_front_dominates_up_to_the_worst_that_was_seen()
    {
        var volume = FrontVolume.Of([Loss, Accuracy], [Of(true, 1, 0.1), Of(true, 5, 0.5), Of(true, 9, 0.9), Of(false, 11, 0.7)])!;

        // Of loss 1 to 11 and accuracy 0.9 down to 0.1: beside (5, 0.5) 6 x 0.4, beside (9, 0.9) 2 x 0.4 more.
        Assert.Equal((6 * 0.4) + (2 * 0.4), volume.Volume, 12);
        Assert.Equal(((6 * 0.4) + (2 * 0.4)) / (10 * 0.8), volume.Share, 12);
        Assert.Equal([("loss", 11.0, 1.0), ("acc", 0.1, 0.9)], volume.Axes);
    }

    [Fact]
    public void A_metric_in_which_all_are_alike_is_no_axis()
    {
        Assert.Equal(1, FrontVolume.Of([Loss, Accuracy], [Of(true, 1, 0.5), Of(false, 3, 0.5)])!.Share);
        Assert.Null(FrontVolume.Of([Loss, Accuracy], [Of(true, 1, 0.5)]));
    }

    [Fact]
    public void There_is_none_of_one_metric_or_of_four()
    {
        Assert.Null(FrontVolume.Of([Loss], [Of(true, 1, 0.5), Of(false, 3, 0.5)]));
        Assert.Null(FrontVolume.Of([Loss, Accuracy, new("a", false), new("b", false)], [Of(true, 1, 0.5), Of(false, 3, 0.5)]));
        Assert.Null(FrontVolume.Of([Loss, Accuracy], []));
    }

    private static MeasuredConfiguration Of(bool inFront, double loss, double accuracy) =>
        new(1, new Dictionary<string, double> { ["loss"] = loss, ["acc"] = accuracy }, inFront);
}
