using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Torch;
using SeqMnistSweep.Trials;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Tests.Networks;

[Collection(TorchCollection.Name)]
public sealed class DropoutTests
{
    [Fact]
    public void A_mask_belongs_to_its_trial_epoch_batch_and_layer()
    {
        Assert.Equal(SeedOf(1, 1, 0, 0), SeedOf(1, 1, 0, 0));
        foreach (var (seed, epoch, batch, layer) in new[] { (2L, 1, 0, 0), (1L, 2, 0, 0), (1L, 1, 1, 0), (1L, 1, 0, 1), (1L, 1, 0, -1) })
        {
            Assert.NotEqual(SeedOf(1, 1, 0, 0), SeedOf(seed, epoch, batch, layer));
        }
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0, 0.5)]
    public void Libtorch_drops_in_training_alone_and_leaves_the_batch_as_it_is(double input, double hidden)
    {
        using var scope = NewDisposeScope();
        using var network = new TcnNetwork(new TcnShape(2, 3, 12, 1), CPU);
        network.Set(Initialisation.Values(network.Shape, network.Slots, 3));
        var (x, labels) = (ones(16, 1, 40), zeros(16, dtype: ScalarType.Int64));
        Assert.NotEqual(Losses(input, hidden).Trained, Losses(input, hidden).Evaluated, 1e-4);
        Assert.Equal(Losses(0, 0).Trained, Losses(0, 0).Evaluated, 1e-6);
        Assert.Equal(Losses(0, 0).Evaluated, Losses(input, hidden).Evaluated);
        Assert.Equal(640f, x.sum().item<float>());

        (double Trained, double Evaluated) Losses(double onInput, double onHidden)
        {
            using var passes = new TorchPasses(network, onInput, onHidden, 1, CPU);
            passes.BeginEvaluation(network.Flat);
            return (passes.Gradient(x, labels, 1, 0).Numbers[0].item<double>(), passes.Evaluate(x, labels)[0].item<double>());
        }
    }

    private static ulong SeedOf(long seed, int epoch, int batch, int layer)
    {
        var masks = new StepMasks(0.5, 0.5, RandomSeed.Derive(seed, "dropout", epoch, batch));
        return layer == StepMasks.InputLayer ? masks.Input.Seed : masks.Of(layer).Seed;
    }
}
