using SeqMnistSweep.Files;

namespace SeqMnistSweep.Datasets;

/// <summary>Draws the dataset glyphs, proves that these are the published bytes, and keeps them in the cache as raw IDX files.</summary>
/// <param name="drawn">Hears the share that is drawn; null when nobody waits for it.</param>
internal sealed class GlyphFiles(DatasetDefinition definition, Action<double>? drawn)
{
    /// <summary>Drawing is short; more threads than this would only take them from others.</summary>
    private const int MostThreads = 4;

    /// <exception cref="DatasetException">This machine drew other bytes than the published ones.</exception>
    public Dataset Draw(CancellationToken cancellation)
    {
        var (first, second) = (definition.Files[0].Count, definition.Files[2].Count);
        var train = Glyphs.Draw(0, first, Threads, count => drawn?.Invoke((double)count / (first + second)), cancellation);
        var test = Glyphs.Draw(
            first, second, Threads, count => drawn?.Invoke((double)(first + count) / (first + second)), cancellation);
        var dataset = new Dataset(definition.Name, DefinitionDigest(train, test), train, test);
        return dataset.Digest == definition.Digest
            ? dataset
            : throw new DatasetException(
                $"this machine draws {definition.Name} with the digest {dataset.Digest}; expected {definition.Digest}; this is a bug, "
                    + "please report it with the processor's model");
    }

    /// <summary>Writes the files and makes them appear at once. The caller holds the cache's lock.</summary>
    public void Publish(Dataset dataset, DatasetCache cache)
    {
        var staging = cache.StagingOf(definition.Name);
        DatasetCache.DeleteFolder(staging);
        Directory.CreateDirectory(staging);
        foreach (var (file, payload) in definition.Files.Zip(Payloads(dataset.Train, dataset.Test)))
        {
            IdxFile.Write(Path.Combine(staging, file.Name), file.Kind, payload);
        }

        cache.Publish(definition.Name);
    }

    /// <summary>Publishes if the cache can be written and nobody else is at it; otherwise the drawing in memory does.</summary>
    public void TryPublish(Dataset dataset, DatasetCache cache)
    {
        try
        {
            using var held = cache.TryLock(definition.Name);
            if (held is not null && !Directory.Exists(cache.FolderOf(definition.Name)))
            {
                Publish(dataset, cache);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A read-only or full disk costs the next process a second of drawing, nothing else.
        }
    }

    private static int Threads => Math.Min(MostThreads, Environment.ProcessorCount);

    private static byte[][] Payloads(ImageSet train, ImageSet test) => [train.Images, train.Labels, test.Images, test.Labels];

    private string DefinitionDigest(ImageSet train, ImageSet test) =>
        DatasetDefinition.DigestOf(definition.Files.Zip(Payloads(train, test), (file, payload) =>
            Digest.Of(IdxHeader.Create(file.Kind, file.Count), payload)));
}
