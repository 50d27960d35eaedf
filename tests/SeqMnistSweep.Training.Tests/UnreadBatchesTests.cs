using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Tests;

[Collection(TorchCollection.Name)]
public sealed class UnreadBatchesTests
{
    [Fact]
    public void Sixteen_batches_are_read_by_one_copy_and_the_rest_when_it_is_needed()
    {
        var copies = new List<long>();
        using var unread = new UnreadBatches(numbers =>
        {
            copies.Add(numbers.shape[0]);
            return numbers.data<double>().ToArray();
        });
        var tally = new BatchTally();
        for (var i = 0; i < UnreadBatches.Together + 2; i++)
        {
            unread.Add(tensor([i, 3.0]), 10, tally);
            Assert.Equal(i < UnreadBatches.Together - 1 ? 0 : 1, copies.Count);
        }

        unread.Settle();
        unread.Settle();
        Assert.Equal([16, 2], copies);
        Assert.Equal((180, 54, 1530.0), (tally.Images, tally.Correct, tally.LossSum));
    }

    [Fact]
    public void A_loss_that_is_not_finite_shows_when_it_is_read()
    {
        using var unread = new UnreadBatches(numbers => numbers.data<double>().ToArray());
        var tally = new BatchTally();
        unread.Add(tensor([double.NaN, 0]), 10, tally);
        Assert.True(tally.IsFinite);
        unread.Settle();
        Assert.False(tally.IsFinite);
    }
}
