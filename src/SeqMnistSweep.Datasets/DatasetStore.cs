namespace SeqMnistSweep.Datasets;

/// <summary>Finds datasets on this machine and loads them. A dataset is taken from the first place that has any of its files, and must be
/// the published one there: a broken copy is an error, never a reason to take another copy or another dataset. Loading uses no network.
/// Safe for use by several threads.</summary>
/// <param name="places">Where to look.</param>
/// <param name="catalog">The datasets that exist; null takes <see cref="DatasetCatalog.All"/>.</param>
/// <param name="time">Paces the wait for another process; null takes the system's.</param>
public sealed class DatasetStore(DatasetPlaces places, IReadOnlyList<DatasetDefinition>? catalog = null, TimeProvider? time = null)
{
    private readonly IReadOnlyList<DatasetDefinition> _catalog = catalog ?? DatasetCatalog.All;
    private readonly Lock _gate = new();
    private Dataset? _last;

    /// <summary>Looks in the usual places.</summary>
    /// <param name="dataFolder">The folder given with --data, or null.</param>
    public DatasetStore(string? dataFolder)
        : this(DatasetPlaces.OfThisProcess(dataFolder))
    {
    }

    /// <summary>Hears what share of a dataset is drawn, on any thread; null when nobody waits for it.</summary>
    public Action<double>? Drawn { get; init; }

    /// <summary>The dataset, checked against its published digests. The last one loaded is kept, so a warm process reads it once.</summary>
    /// <exception cref="DatasetException">There is no such dataset, it is not here, or its files are not the published ones.</exception>
    public Dataset Load(string name)
    {
        lock (_gate)
        {
            if (_last?.Name != name)
            {
                // Let go of the old one first: two at once would double the memory.
                _last = null;
                _last = Read(Find(name));
            }

            return _last;
        }
    }

    /// <summary>The first place that has the dataset, whatever its state, or null.</summary>
    /// <exception cref="DatasetException">There is no such dataset, or the folder of --data does not exist.</exception>
    public DatasetLocation? Locate(string name)
    {
        var candidates = places.Candidates(Find(name));
        if (places.DataFolder is { } given && !Directory.Exists(given))
        {
            throw new DatasetException(
                $"--data {given}: there is no such folder; expected a folder that holds one folder per dataset, such as "
                    + $"{Path.Combine(given, name)}; correct or leave out --data");
        }

        return candidates.FirstOrDefault(DatasetFolder.Holds);
    }

    /// <summary>Reads every file of the dataset and says which are the published ones.</summary>
    /// <exception cref="DatasetException">There is no such dataset, or it is not on this machine.</exception>
    public IReadOnlyList<DatasetFileCheck> Verify(string name) => DatasetFolder.Check(Locate(name) ?? throw Missing(Find(name)));

    /// <summary>Brings the dataset into the user's cache unless a sound copy is found on this machine already; goes on where a fetch was
    /// broken off, and waits while another process fetches the same.</summary>
    /// <exception cref="DatasetException">No mirror gave the published files, no cache can be written, or a copy is broken.</exception>
    public async Task<DatasetLocation> FetchAsync(
        string name, DatasetDownload download, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var dataset = Find(name);
        if (SoundLocation(name) is { } found) return found;

        var cache = new DatasetCache(places.CacheFolder ?? throw NoCache("neither HOME nor XDG_CACHE_HOME is set"));
        try
        {
            using var held = await cache.LockAsync(name, time ?? TimeProvider.System, cancellation).ConfigureAwait(false);
            if (SoundLocation(name) is { } meanwhile) return meanwhile;

            if (dataset.IsDrawn)
            {
                var files = new GlyphFiles(dataset, Drawn);
                files.Publish(files.Draw(cancellation), cache);
            }
            else
            {
                await download.FetchAsync(dataset, cache.StagingOf(name), progress, cancellation).ConfigureAwait(false);
                cache.Publish(name);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NoCache($"{places.CacheFolder} cannot be written ({failure.Message.TrimEnd('.')})");
        }

        return SoundLocation(name) ?? throw Missing(dataset);
    }

    private DatasetDefinition Find(string name) =>
        _catalog.FirstOrDefault(dataset => dataset.Name == name)
        ?? throw new DatasetException(
            $"there is no dataset '{name}'; expected one of {string.Join(", ", _catalog.Select(dataset => dataset.Name))}");

    private Dataset Read(DatasetDefinition dataset)
    {
        if (Locate(dataset.Name) is { } location) return DatasetFolder.Load(location);

        if (!dataset.IsDrawn) throw Missing(dataset);

        var files = new GlyphFiles(dataset, Drawn);
        var drawn = files.Draw(CancellationToken.None);
        if (places.CacheFolder is { } root)
        {
            files.TryPublish(drawn, new DatasetCache(root));
        }

        return drawn;
    }

    /// <summary>Where a sound copy lies; null when there is none, or only a broken one in the cache, which a fetch replaces.</summary>
    private DatasetLocation? SoundLocation(string name)
    {
        if (Locate(name) is not { } location) return null;

        var error = DatasetFolder.Check(location).FirstOrDefault(check => check.Error is not null)?.Error;
        if (error is null) return location;

        var inCache = places.CacheFolder is { } root && location.Folder == new DatasetCache(root).FolderOf(name);
        return inCache ? null : throw new DatasetException(error);
    }

    private DatasetException Missing(DatasetDefinition dataset)
    {
        var looked = places.Candidates(dataset).Select(place => $"\n  {place.Folder} ({place.Place})");
        return new DatasetException(
            $"the dataset {dataset.Name} is not on this machine; expected {dataset.Files[0].Name} and {dataset.Files.Count - 1} more "
                + $"files, with or without .gz, in one of:{string.Concat(looked)}\nrun `seqsweep data fetch {dataset.Name}`, or name the "
                + $"folder above them with --data or {DatasetPlaces.Variable}");
    }

    private static DatasetException NoCache(string reason) =>
        new(
            $"there is no cache to keep the dataset in: {reason}; set XDG_CACHE_HOME to a folder that can be written, or put the files "
                + "into a folder and name it with --data");
}
