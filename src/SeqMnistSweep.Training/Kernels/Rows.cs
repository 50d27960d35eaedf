namespace SeqMnistSweep.Training.Kernels;

/// <summary>Activations of one image in memory: [block of 16 channels][row][16 channels], so that from one time step to the next it is
/// always 16 floats. Rows left and right of the sequence stand for what lies outside of it and are zero.</summary>
internal unsafe readonly record struct Rows(nint Address, int Channels, int Left, int Length, int Right)
{
    public const int Lanes = 16;

    /// <summary>Blocks of 16 channels; the lanes past the last channel are zero.</summary>
    public int Blocks => BlocksOf(Channels);

    public nint BlockSize => (nint)(Left + Length + Right) * Lanes;

    public nint Size => Blocks * BlockSize;

    public static int BlocksOf(int channels) => (channels + Lanes - 1) / Lanes;

    /// <param name="row">Counted from the first one of the sequence; those outside are negative or <see cref="Length"/> and more.</param>
    public float* At(int block, int row) => (float*)Address + (block * BlockSize) + ((nint)(Left + row) * Lanes);

    public void ClearOutside()
    {
        for (var block = 0; block < Blocks; block++)
        {
            new Span<float>(At(block, -Left), Left * Lanes).Clear();
            new Span<float>(At(block, Length), Right * Lanes).Clear();
        }
    }
}
