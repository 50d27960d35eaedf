using SeqMnistSweep.Training.Datasets;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>Images on the training device: pixels as bytes, [N, 784], already permuted, and int64 labels [N].</summary>
internal sealed class LabelledImages : IDisposable
{
    public const int Pixels = 784;

    // MNIST's mean and deviation, as the notebook uses them for every dataset. Kept alive: see TorchOps about numbers and the collector.
    private static readonly TorchSharp.Scalar White = 255f, Mean = 0.1307f, Deviation = 0.3081f;

    private readonly Tensor _images;
    private readonly Tensor _labels;

    /// <param name="permutation">Pixel j of the result is pixel permutation[j] of the image; null keeps the order.</param>
    public LabelledImages(ImageSet set, int start, int count, int[]? permutation, Device device)
    {
        using var scope = NewDisposeScope();

        // Written straight into the tensors: arrays of this size would stay with the garbage collector for many trials.
        var images = empty([count, Pixels], dtype: ScalarType.Byte);
        var pixels = set.Images.AsSpan(start * Pixels, count * Pixels);
        if (permutation is null)
        {
            pixels.CopyTo(images.bytes);
        }
        else
        {
            Permute(pixels, permutation, images.bytes);
        }

        _images = images.to(device).DetachFromDisposeScope();
        _labels = tensor(set.Labels.AsSpan(start, count).ToArray(), dtype: ScalarType.Byte).to_type(ScalarType.Int64).to(device).DetachFromDisposeScope();
        Count = count;
    }

    public int Count { get; }

    /// <param name="order">[N], int64: which image stands where; null for the file's order.</param>
    /// <returns>Images normalised as the notebook's, [n, channels, 784 / channels], and their labels.</returns>
    public (Tensor X, Tensor Y) Batch(int start, int count, int channels, Tensor? order = null)
    {
        var picked = order?.narrow(0, start, count);
        var images = picked is null ? _images.narrow(0, start, count) : _images.index_select(0, picked);
        var labels = picked is null ? _labels.narrow(0, start, count) : _labels.index_select(0, picked);
        return (images.to_type(ScalarType.Float32).div_(White).sub_(Mean).div_(Deviation).view(-1, channels, Pixels / channels), labels);
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
    }

    private static void Permute(ReadOnlySpan<byte> images, int[] permutation, Span<byte> permuted)
    {
        for (var start = 0; start < images.Length; start += Pixels)
        {
            for (var j = 0; j < Pixels; j++)
            {
                permuted[start + j] = images[start + permutation[j]];
            }
        }
    }
}
