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
        var store = new DatasetStore(dataFolder) { Drawn = new DrawnLines(talk).Hear };
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

/// <summary>How much of a dataset is drawn: a line per quarter.</summary>
internal sealed class DrawnLines(Action<string> say)
{
    private readonly Lock _gate = new();
    private int _told;

    public void Hear(double share)
    {
        lock (_gate)
        {
            var quarter = (int)(share * 4);
            if (quarter <= _told) return;

            _told = quarter;
            say($"drawn: {quarter * 25} %");
        }
    }
}

/// <summary>The progress of a download in lines: one per tenth of a file.</summary>
internal sealed class FetchLines(Action<string> say) : IProgress<DownloadProgress>
{
    private (string File, long Tenth) _last;

    public void Report(DownloadProgress value)
    {
        var tenth = value.Total is > 0 and var total ? value.Bytes * 10 / total : -1;
        if (_last != (value.File, tenth))
        {
            _last = (value.File, tenth);
            say(
                tenth >= 0
                    ? $"{value.File}: {tenth * 10} % of {value.Total:N0} bytes from {value.Source.Host}"
                    : $"{value.File} from {value.Source.Host}");
        }
    }
}
