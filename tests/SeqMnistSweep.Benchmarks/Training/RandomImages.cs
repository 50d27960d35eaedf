using SeqMnistSweep.Datasets;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>Noise to measure with.</summary>
internal static class RandomImages
{
    public static ImageSet Of(int count)
    {
        var random = new SplitMix64((ulong)count);
        var pixels = new byte[count * ImageSet.Pixels];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.Next();
        }

        return new ImageSet(pixels, [.. Enumerable.Range(0, count).Select(i => (byte)(pixels[i * ImageSet.Pixels] % 10))]);
    }
}
