namespace SeqMnistSweep.Training.Datasets;

// Stands in until the data branch is merged; delete it then.
public sealed record ImageSet(byte[] Images, byte[] Labels)
{
    public int Count => Labels.Length;
}

public sealed record Dataset(string Name, string Digest, ImageSet Train, ImageSet Test);

public sealed class DatasetException(string message) : Exception(message);

public sealed class DatasetStore(string? dataFolder)
{
    public Dataset Load(string name) => throw new DatasetException($"{name} is not in {dataFolder}: datasets come with another branch");
}

public static class PixelPermutation
{
    public static int[] Create(uint seed) => throw new DatasetException($"no permutation {seed}: datasets come with another branch");
}
