using SeqMnistSweep.Datasets;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests;

/// <summary>Noise with a bright row that names the class: a network learns it within a few batches.</summary>
internal static class SyntheticImages
{
    public static Dataset Create(int train = 150, int test = 40) => new("mnist", "digest-of-synthetic", Set(train, 1), Set(test, 2));

    private static ImageSet Set(int count, ulong seed)
    {
        var random = new SplitMix64(seed);
        var images = new byte[count * 784];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)(random.Next() % 10);
            for (var pixel = 0; pixel < 784; pixel++)
            {
                images[(i * 784) + pixel] = (byte)(random.Next() % 60);
            }

            images.AsSpan((i * 784) + ((18 + labels[i]) * 28), 28).Fill(250);
        }

        return new ImageSet(images, labels);
    }
}
