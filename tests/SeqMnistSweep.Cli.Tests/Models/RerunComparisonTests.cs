using System.Collections.Immutable;
using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Models;

public sealed class RerunComparisonTests
{
    [Fact]
    public void Equal_reports_and_digests_are_the_same_whatever_they_took()
    {
        var compared = RerunComparison.OfResults([Report(1, 0.5, 10)], [Kept(1, "aa")], [(Report(1, 0.5, 99), File(1, "aa"))], ("test_loss", 0.25, 0.25));
        Assert.Equal(["epoch 1", "checkpoint of epoch 1", "test_loss"], compared.Select(value => value.What));
        Assert.All(compared, value => Assert.True(value.Same));
    }

    [Fact]
    public void A_metric_that_differs_in_its_last_bit_is_named_with_both_values()
    {
        var compared = RerunComparison.OfResults([Report(1, 0.5, 10)], [], [(Report(1, Math.BitIncrement(0.5), 10), null)]);
        var only = Assert.Single(compared);
        Assert.Equal(("epoch 1 val_loss", "0.5", "0.5000000000000001", false), (only.What, only.Trial, only.Rerun, only.Same));
    }

    [Fact]
    public void Weights_that_differ_and_epochs_that_are_missing_are_not_the_same()
    {
        var compared = RerunComparison.OfResults([Report(1, 0.5, 1), Report(2, 0.4, 1)], [Kept(2, "aa")], [(Report(1, 0.5, 1), File(1, "bb"))]);
        Assert.Equal(["epoch 1", "epoch 2 val_loss", "checkpoint of epoch 2"], compared.Select(value => value.What));
        Assert.Equal([true, false, false], compared.Select(value => value.Same));
    }

    [Fact]
    public void Only_conditions_that_differ_are_told()
    {
        var trial = new Dictionary<string, string> { ["kernels"] = "avx512, 512 bits", ["threads"] = "1", ["program_version"] = "0.1.0", ["parameters"] = "96040" };
        var rerun = new Dictionary<string, string>(trial) { ["kernels"] = "avx2, 256 bits", ["threads"] = "2", ["program_version"] = "0.2.0", ["parameters"] = "1" };
        Assert.Equal(new ComparedValue("program_version", "0.1.0", "0.2.0", false), Assert.Single(RerunComparison.OfConditions(trial, rerun)));
    }

    private static EpochReport Report(int epoch, double loss, double seconds) =>
        new(epoch, ImmutableSortedDictionary<string, double>.Empty.Add("val_loss", loss).Add("epoch_seconds", seconds));

    private static CheckpointFile File(int epoch, string digest) => new(epoch, 0, digest, 1);

    private static CheckpointRow Kept(int epoch, string digest) => new("t-0000/1", epoch, Batch: 0, digest, Bytes: 1, Attempt: 1, Time: "", Name: null);
}
