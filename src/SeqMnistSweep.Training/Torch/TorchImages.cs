using SeqMnistSweep.Training.Data;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Torch;

/// <summary>Images on the device of libtorch: pixels as bytes, [N, 784], already permuted, and int64 labels [N].</summary>
internal sealed class TorchImages : IDisposable
{
    // MNIST's mean and deviation. Kept alive: see TorchOps about numbers and the collector.
    private static readonly TorchSharp.Scalar White = 255f, Mean = 0.1307f, Deviation = 0.3081f;

    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly Device _device;
    private (long[] Order, Tensor OnDevice)? _order;

    public TorchImages(LabelledImages source, Device device)
    {
        using var scope = NewDisposeScope();
        _device = device;

        // Written straight into the tensors: arrays of this size would stay with the garbage collector for many trials.
        var images = empty([source.Count, LabelledImages.Pixels], dtype: ScalarType.Byte);
        var pixels = source.Set.Images.AsSpan(source.Start * LabelledImages.Pixels, source.Count * LabelledImages.Pixels);
        if (source.Permutation is null)
        {
            pixels.CopyTo(images.bytes);
        }
        else
        {
            Permute(pixels, source.Permutation, images.bytes);
        }

        _images = images.to(device).DetachFromDisposeScope();
        _labels = tensor(source.Set.Labels.AsSpan(source.Start, source.Count).ToArray(), dtype: ScalarType.Byte).to_type(ScalarType.Int64)
            .to(device)
            .DetachFromDisposeScope();
    }

    /// <returns>Images normalised as the notebook's, [n, channels, 784 / channels], and their labels; of the caller's scope.</returns>
    public (Tensor X, Tensor Labels) Batch(in ImageBatch batch, int channels)
    {
        var picked = batch.Order is { } order ? OnDevice(order).narrow(0, batch.Start, batch.Count) : null;
        var images = picked is null ? _images.narrow(0, batch.Start, batch.Count) : _images.index_select(0, picked);
        var labels = picked is null ? _labels.narrow(0, batch.Start, batch.Count) : _labels.index_select(0, picked);
        return (images.to_type(ScalarType.Float32).div_(White).sub_(Mean).div_(Deviation)
            .view(-1, channels, LabelledImages.Pixels / channels), labels);
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
        _order?.OnDevice.Dispose();
    }

    private static void Permute(ReadOnlySpan<byte> images, int[] permutation, Span<byte> permuted)
    {
        for (var start = 0; start < images.Length; start += LabelledImages.Pixels)
        {
            for (var j = 0; j < LabelledImages.Pixels; j++)
            {
                permuted[start + j] = images[start + permutation[j]];
            }
        }
    }

    /// <summary>One upload an epoch.</summary>
    private Tensor OnDevice(long[] order)
    {
        if (_order?.Order != order)
        {
            _order?.OnDevice.Dispose();
            _order = (order, tensor(order, device: _device).DetachFromDisposeScope());
        }

        return _order!.Value.OnDevice;
    }
}
