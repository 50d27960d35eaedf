using SeqMnistSweep.Files;

namespace SeqMnistSweep.Datasets;

/// <summary>Where a dataset was found: which place it is for the user ("--data", "SEQSWEEP_DATA", "the cache", ...) and the folder of its
/// files.</summary>
/// <param name="Dataset">What was looked for.</param>
/// <param name="Place">For messages.</param>
/// <param name="Folder">Holds at least one of its files.</param>
public sealed record DatasetLocation(DatasetDefinition Dataset, string Place, string Folder);

/// <summary>
/// The places where datasets are looked for, in this order; null is a place that does not exist here. All but the last hold one
/// folder per dataset, named after it.
/// </summary>
/// <param name="DataFolder">The folder given with --data.</param>
/// <param name="VariableFolder">The folder named by SEQSWEEP_DATA.</param>
/// <param name="CacheFolder">The user's cache, the only place that is written to.</param>
/// <param name="DebianFolder">Where Debian's package dataset-fashion-mnist puts its files.</param>
public sealed record DatasetPlaces(string? DataFolder, string? VariableFolder, string? CacheFolder, string? DebianFolder)
{
    /// <summary>The environment variable that names a folder of datasets.</summary>
    public const string Variable = "SEQSWEEP_DATA";

    private const string Debian = "/usr/share/datasets/fashion-mnist";

    /// <summary>The places of this process.</summary>
    public static DatasetPlaces OfThisProcess(string? dataFolder) => From(dataFolder, Environment.GetEnvironmentVariable);

    internal static DatasetPlaces From(string? dataFolder, Func<string, string?> variable)
    {
        var cache = UserFolders.Cache(variable);
        return new DatasetPlaces(
            NullIfEmpty(dataFolder),
            NullIfEmpty(variable(Variable)),
            cache is null ? null : Path.Combine(cache, "seqsweep", "data"),
            Debian);
    }

    /// <summary>The folders where this dataset may lie, first choice first.</summary>
    public IReadOnlyList<DatasetLocation> Candidates(DatasetDefinition dataset)
    {
        var candidates = new List<DatasetLocation>();
        Add("--data", DataFolder);
        Add(Variable, VariableFolder);
        Add("the cache", CacheFolder);
        if (DebianFolder is { } debian && dataset.Name == DatasetCatalog.FashionMnist.Name)
        {
            candidates.Add(new DatasetLocation(dataset, "Debian's package dataset-fashion-mnist", debian));
        }

        return candidates;

        void Add(string place, string? folder)
        {
            if (folder is not null)
            {
                candidates.Add(new DatasetLocation(dataset, place, Path.Combine(folder, dataset.Name)));
            }
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
