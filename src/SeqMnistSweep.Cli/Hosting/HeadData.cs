using SeqMnistSweep.Datasets;
using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The head's datasets: digests for new sweeps, files for workers. Each is checked once. Thread-safe.</summary>
/// <param name="dataFolder">The folder given with --data, or null.</param>
internal sealed class HeadData(string? dataFolder)
{
    /// <summary>More than any trial says something of.</summary>
    private const int SampleCount = 100;

    private readonly DatasetStore _store = new(dataFolder);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DatasetOnHead> _found = [];
    private readonly Dictionary<string, SampleImages> _samples = [];

    /// <summary>The files of a dataset, for <see cref="HeadOptions.Datasets"/>.</summary>
    /// <exception cref="SweepRefusedException">It is not here, or broken; with the cure.</exception>
    public DatasetOnHead Find(string name)
    {
        lock (_gate)
        {
            return _found.TryGetValue(name, out var found) ? found : _found[name] = Read(Definition(name));
        }
    }

    /// <summary>The digests of these datasets, for <see cref="HeadOptions.FindDatasets"/>; nothing is fetched.</summary>
    /// <exception cref="SweepRefusedException">One is not here, or broken; with the cure.</exception>
    public Task<ImmutableSortedDictionary<string, string>> DigestsAsync(IReadOnlyList<string> names, CancellationToken cancellation) =>
        Task.Run(
        () => names.ToImmutableSortedDictionary(
            name => name, name => Definition(name) is { IsDrawn: true } drawn ? drawn.Digest : Find(name).Digest, StringComparer.Ordinal),
        cancellation);

    /// <summary>The first test images, for <see cref="HeadOptions.Samples"/>; drawn where the dataset is drawn.</summary>
    /// <exception cref="SweepRefusedException">It is not here, or broken; with the cure.</exception>
    public SampleImages Samples(string name)
    {
        var dataset = Definition(name);
        lock (_gate)
        {
            return _samples.TryGetValue(name, out var known) ? known : _samples[name] = dataset.IsDrawn
                ? new SampleImages(dataset.Digest, Glyphs.Draw(Glyphs.TrainCount, SampleCount).Images)
                : new SampleImages(
                    dataset.Digest,
                    IdxFile.Read(Find(name).Files.First(file => file.Name.StartsWith("t10k-images", StringComparison.Ordinal)).Path,
                        IdxKind.Images).Payload[..(SampleCount * ImageSet.Pixels)]);
        }
    }

    private DatasetOnHead Read(DatasetDefinition dataset)
    {
        try
        {
            if (_store.Locate(dataset.Name) is null)
            {
                throw new SweepRefusedException(
                    $"dataset '{dataset.Name}' is not on the head's machine: there, run `seqsweep data fetch {dataset.Name}`, or start "
                        + "the head with --data DIR");
            }

            var checks = _store.Verify(dataset.Name);
            return checks.FirstOrDefault(check => check.Error is not null) is { } broken
                ? throw new SweepRefusedException($"dataset '{dataset.Name}' on the head's machine cannot be used: {broken.Error}")
                : new DatasetOnHead(dataset.Digest, [.. checks.Select(check => FileOf(check.Path))]);
        }
        catch (DatasetException error)
        {
            throw new SweepRefusedException($"dataset '{dataset.Name}' on the head's machine cannot be used: {error.Message}");
        }
    }

    private static DatasetFileInfo FileOf(string path)
    {
        using var file = File.OpenRead(path);
        return new DatasetFileInfo(Path.GetFileName(path), path, file.Length, Digest.Of(file));
    }

    private static DatasetDefinition Definition(string name) => DatasetCatalog.All.FirstOrDefault(dataset => dataset.Name == name)
        ?? throw new SweepRefusedException(
            $"there is no dataset '{name}'; known are {string.Join(", ", DatasetCatalog.All.Select(dataset => dataset.Name))}");
}
