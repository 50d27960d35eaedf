using SeqMnistSweep.Datasets;

namespace SeqMnistSweep.Training.Data;

/// <summary>A run of images out of a set, with their digits. It copies nothing.</summary>
/// <param name="Set">Shared with others.</param>
/// <param name="Start">Where in the set the run begins.</param>
/// <param name="Count">Images of the run.</param>
/// <param name="Permutation">Pixel j is pixel Permutation[j] of the image as it lies in the set; null keeps the order.</param>
internal sealed record LabelledImages(ImageSet Set, int Start, int Count, int[]? Permutation = null)
{
    public const int Pixels = ImageSet.Pixels;

    /// <summary>What a pixel is to the network: MNIST's mean and deviation, as the notebook uses them for every dataset.</summary>
    private static readonly float[] Normalised = [.. Enumerable.Range(0, 256).Select(pixel => ((pixel / 255f) - 0.1307f) / 0.3081f)];

    /// <summary>The digit, 0 to 9.</summary>
    /// <param name="image">Counted from this run's first, 0 to Count - 1.</param>
    public byte LabelOf(int image) => Set.Labels[Start + image];

    /// <summary>One image as the network takes it: permuted and normalised.</summary>
    /// <param name="image">Counted from this run's first, 0 to Count - 1.</param>
    /// <param name="x">784 floats, overwritten; -0.42 (background) to 2.82.</param>
    public void Write(int image, Span<float> x)
    {
        var pixels = Set.Images.AsSpan((Start + image) * Pixels, Pixels);
        for (var j = 0; j < x.Length; j++)
        {
            x[j] = Normalised[pixels[Permutation is null ? j : Permutation[j]]];
        }
    }
}

/// <summary>Images that go through the network at once.</summary>
/// <param name="Order">Which image stands where; null for the set's order.</param>
internal readonly record struct ImageBatch(LabelledImages Images, int Start, int Count, long[]? Order = null)
{
    /// <summary>Share of the images that the batches before this one took, 0 to below 1.</summary>
    public double Done => (double)Start / Images.Count;

    public int this[int i] => Order is null ? Start + i : (int)Order[Start + i];

    /// <summary>The batch as the network takes it.</summary>
    /// <param name="x">[Count, 784], overwritten.</param>
    /// <param name="labels">[Count], digits of 0 to 9, overwritten.</param>
    public void Write(Span<float> x, Span<byte> labels)
    {
        for (var i = 0; i < Count; i++)
        {
            Images.Write(this[i], x.Slice(i * LabelledImages.Pixels, LabelledImages.Pixels));
            labels[i] = Images.LabelOf(this[i]);
        }
    }
}
