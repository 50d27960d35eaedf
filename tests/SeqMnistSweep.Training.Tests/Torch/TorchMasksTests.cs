using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Tests.Networks;
using SeqMnistSweep.Training.Torch;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Tests.Torch;

[Collection(TorchCollection.Name)]
public sealed class TorchMasksTests
{
    [Theory]
    [InlineData(0.05, 30, 3)]
    [InlineData(0.5, 16, 1)]
    [InlineData(0.99999, 40, 2)]
    public void Every_layer_drops_what_the_CPU_drops_in_small_batches_too(double rate, int hidden, int levels)
    {
        using var scope = NewDisposeScope();
        using var masks = new TorchMasks(rate, [.. MaskedLayer.Of(new TcnShape(levels, 3, hidden, 1), 45)], images: 7, CPU);
        var step = new StepMasks(0, rate, 99);
        var all = masks.Of(step);
        foreach (var layer in MaskedLayer.Of(new TcnShape(levels, 3, hidden, 1), 45))
        {
            foreach (var batch in new[] { 7, 4 })
            {
                var expected = PlainMask.Apply(ones(batch, hidden, 1, layer.Steps), layer.Number, step);
                Assert.True(all.Of(layer.Number, batch).eq(expected).all().item<bool>(), $"layer {layer.Number}, {batch} images");
            }
        }
    }
}
