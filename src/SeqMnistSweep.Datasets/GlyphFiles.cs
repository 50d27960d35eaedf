using SeqMnistSweep.Files;

namespace SeqMnistSweep.Datasets;

/// <summary>Draws the dataset glyphs, proves that these are the published bytes, and keeps them in the cache as raw IDX files.</summary>
internal sealed class GlyphFiles(DatasetDefinition definition)
{
    /// <summary>Drawing is short; more threads than this would only take them from others.</summary>
    private const int MostThreads = 4;

    /// <exception cref="DatasetException">This machine drew other bytes than the published ones.</exception>
    public Dataset Draw(CancellationToken cancellation)
    {
        var train = Glyphs.Draw(0, definition.Files[0].Count, Threads, cancellation);
        var test = Glyphs.Draw(definition.Files[0].Count, definition.Files[2].Count, Threads, cancellation);
        var drawn = new Dataset(definition.Name, DefinitionDigest(train, test), train, test);
        return drawn.Digest == definition.Digest
            ? drawn
            : throw new DatasetException(
                $"this machine draws {definition.Name} with the digest {drawn.Digest}; expected {definition.Digest}; this is a bug, "
                    + "please report it with the processor's model");
    }

    /// <summary>Writes the files and makes them appear at once. The caller holds the cache's lock.</summary>
    public void Publish(Dataset drawn, DatasetCache cache)
    {
        var staging = cache.StagingOf(definition.Name);
        DatasetCache.DeleteFolder(staging);
        Directory.CreateDirectory(staging);
        foreach (var (file, payload) in definition.Files.Zip(Payloads(drawn.Train, drawn.Test)))
        {
            IdxFile.Write(Path.Combine(staging, file.Name), file.Kind, payload);
        }

        cache.Publish(definition.Name);
    }

    /// <summary>Publishes if the cache can be written and nobody else is at it; otherwise the drawing in memory does.</summary>
    public void TryPublish(Dataset drawn, DatasetCache cache)
    {
        try
        {
            using var held = cache.TryLock(definition.Name);
            if (held is not null && !Directory.Exists(cache.FolderOf(definition.Name)))
            {
                Publish(drawn, cache);
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
