using SeqMnistSweep.Datasets;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The datasets that a sweep trains on: found, or fetched, before anything starts.</summary>
internal static class SweepData
{
    /// <returns>The digests that every copy must have.</returns>
    /// <exception cref="DatasetException">One is neither here nor to be had.</exception>
    public static async Task<ImmutableSortedDictionary<string, string>> PrepareAsync(
        IReadOnlyList<string> names, string? dataFolder, Action<string> talk, CancellationToken cancellation)
    {
        var store = new DatasetStore(dataFolder);
        var digests = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (store.Locate(name) is null)
            {
                talk(
                    $"{name} is not on this machine yet: "
                        + $"{(DatasetCatalog.All.Any(dataset => dataset.Name == name && dataset.IsDrawn) ? "drawing it" : "fetching it")}");
                if (DatasetCatalog.All.Any(dataset => dataset.Name == name && !dataset.IsDrawn))
                {
                    using var client = DatasetDownload.CreateClient();
                    await store.FetchAsync(name, new DatasetDownload(client), new FetchLines(talk), cancellation);
                }
            }

            digests[name] = store.Load(name).Digest;
        }

        return digests.ToImmutable();
    }
}
