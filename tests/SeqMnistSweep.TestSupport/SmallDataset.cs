using System.Security.Cryptography;
using SeqMnistSweep.Datasets;

namespace SeqMnistSweep.TestSupport;

/// <summary>A dataset of five and three images with its published digests: small enough to be broken a hundred times.</summary>
public static class SmallDataset
{
    private static readonly string[] Names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>The raw files by name; the images are noise, so that gzip leaves them long enough to be cut.</summary>
    public static readonly IReadOnlyDictionary<string, byte[]> Raw = new Dictionary<string, byte[]>
    {
        [Names[0]] = [.. IdxBytes.Header(0x0803, 5, 28, 28), .. Noise(5, 1)],
        [Names[1]] = IdxBytes.Labels(0, 1, 2, 3, 4),
        [Names[2]] = [.. IdxBytes.Header(0x0803, 3, 28, 28), .. Noise(3, 2)],
        [Names[3]] = IdxBytes.Labels(9, 8, 7),
    };

    /// <summary>As a mirror serves them: by name with .gz.</summary>
    public static readonly IReadOnlyDictionary<string, byte[]> Zipped = Raw.ToDictionary(file => file.Key + ".gz", file => IdxBytes.Gzip(file.Value));

    public static string FirstImages => Names[0];

    public static DatasetDefinition Define(string name = "mnist", params Uri[] mirrors) =>
        new(name, "a small test set", [File(0, IdxKind.Images, 5), File(1, IdxKind.Labels, 5), File(2, IdxKind.Images, 3), File(3, IdxKind.Labels, 3)], mirrors);

    public static string WriteTo(TemporaryFolder folder, string name, bool zipped = false)
    {
        foreach (var (file, bytes) in zipped ? Zipped : Raw)
        {
            folder.Write(Path.Combine(name, file), bytes);
        }

        return folder[name];
    }

    private static DatasetFile File(int index, IdxKind kind, int count) =>
        new(Names[index], kind, count, Convert.ToHexStringLower(SHA256.HashData(Raw[Names[index]])));

    private static byte[] Noise(int count, int seed)
    {
        var bytes = new byte[count * 784];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
