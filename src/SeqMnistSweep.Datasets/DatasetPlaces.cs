using SeqMnistSweep.Files;

namespace SeqMnistSweep.Datasets;

/// <summary>Where a dataset was found.</summary>
/// <param name="Dataset">What was looked for.</param>
/// <param name="Place">For messages: "--data", "SEQSWEEP_DATA", "the cache", ...</param>
/// <param name="Folder">Holds at least one of its files.</param>
public sealed record DatasetLocation(DatasetDefinition Dataset, string Place, string Folder);

/// <summary>The places where datasets are looked for, in this order; null is a place that does not exist here. All but the last hold one
/// folder per dataset, named after it.</summary>
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
        DatasetLocation[] debian = DebianFolder is { } packaged && dataset.Name == DatasetCatalog.FashionMnist.Name
            ? [new DatasetLocation(dataset, "Debian's package dataset-fashion-mnist", packaged)]
            : [];
        return [.. In("--data", DataFolder), .. In(Variable, VariableFolder), .. In("the cache", CacheFolder), .. debian];

        DatasetLocation[] In(string place, string? folder) =>
            folder is null ? [] : [new DatasetLocation(dataset, place, Path.Combine(folder, dataset.Name))];
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
