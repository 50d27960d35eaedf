using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Torch;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Tests.Networks;

[Collection(TorchCollection.Name)]
public sealed class DropoutTests
{
    [Fact]
    public void A_mask_belongs_to_its_trial_epoch_batch_and_layer()
    {
        using var scope = NewDisposeScope();
        var first = Masked(1, 1, 0, 0);
        Assert.Equal(first, Masked(1, 1, 0, 0));
        foreach (var (seed, epoch, batch, layer) in new[] { (2L, 1, 0, 0), (1L, 2, 0, 0), (1L, 1, 1, 0), (1L, 1, 0, 1) })
        {
            Assert.NotEqual(first, Masked(seed, epoch, batch, layer));
        }
    }

    [Fact]
    public void A_short_batch_has_the_first_part_of_the_mask()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout(0, 0.5, 1, CPU);
        dropout.BeginStep(1, 0);
        var full = dropout.OnLayer(ones(8, 5, 1, 7), 0).clone();
        dropout.BeginStep(1, 0);
        var part = dropout.OnLayer(ones(3, 5, 1, 7), 0);
        Assert.Equal(full.narrow(0, 0, 3).contiguous().data<float>().ToArray(), part.contiguous().data<float>().ToArray());
    }

    [Fact]
    public void Kept_activations_and_their_gradients_are_scaled_alike_and_dropped_ones_are_zero()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout(0, 0.25, 1, CPU);
        dropout.BeginStep(1, 0);
        var x = ones(16, 6, 1, 9).requires_grad_(true);
        var y = dropout.OnLayer(x * 1.0, 3);
        y.sum().backward();
        var (values, gradients) = (y.detach().contiguous().data<float>().ToArray(), x.grad!.contiguous().data<float>().ToArray());
        Assert.Equal(values, gradients);
        Assert.Equal([0f, (float)(1 / 0.75)], values.Distinct().Order());
    }

    [Fact]
    public void Input_dropout_leaves_the_batch_itself_alone()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout(0.5, 0, 1, CPU);
        dropout.BeginStep(1, 0);
        var x = ones(4, 1, 1, 50);
        Assert.Contains(0f, dropout.OnInput(x).data<float>().ToArray());
        Assert.DoesNotContain(0f, x.data<float>().ToArray());
        Assert.Same(x, dropout.OnLayer(x, 0));
    }

    private static float[] Masked(long seed, int epoch, int batch, int layer)
    {
        using var dropout = new Dropout(0, 0.5, seed, CPU);
        dropout.BeginStep(epoch, batch);
        return dropout.OnLayer(ones(4, 6, 1, 9), layer).contiguous().data<float>().ToArray();
    }
}
