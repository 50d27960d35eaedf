namespace SeqMnistSweep.Datasets;

/// <summary>Grey images of 28x28 with their digits: <see cref="Images"/> holds image after image, each row by row (N x 784 bytes, 0 is
/// background), <see cref="Labels"/> N bytes of 0 to 9. Both arrays are shared: nobody writes to them.</summary>
public sealed record ImageSet(byte[] Images, byte[] Labels)
{
    /// <summary>Rows, and pixels of a row.</summary>
    public const int Side = 28;

    /// <summary>Pixels, and bytes, of an image: 784.</summary>
    public const int Pixels = Side * Side;

    /// <summary>How many images.</summary>
    public int Count => Labels.Length;
}
