using SeqMnistSweep.Files;

namespace SeqMnistSweep.Datasets;

/// <summary>Downloads a dataset's files from its mirrors, tried in turn. A mirror that is absent, stalls, breaks off or sends anything but
/// the published bytes is passed over with a reason; a transfer that broke off is resumed where the mirror allows it.</summary>
/// <param name="client">Its own time-out must be longer than a download; <see cref="CreateClient"/> makes a fitting one.</param>
public sealed class DatasetDownload(HttpClient client, DownloadOptions? options = null, TimeProvider? time = null)
{
    private readonly DownloadOptions _options = options ?? new DownloadOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>A client without an overall time-out: the stall time-out judges, whatever the line's speed.</summary>
    public static HttpClient CreateClient()
    {
        var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("seqsweep");
        return client;
    }

    /// <summary>Brings all files into the folder as NAME.gz, each checked against its published digest; files that are there and right
    /// stay. Only one process may work on a folder at a time.</summary>
    /// <exception cref="DatasetException">No mirror gave a file; the message lists each mirror with its reason.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; what has come so far stays for the next time.</exception>
    public async Task FetchAsync(
        DatasetDefinition dataset, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in dataset.Files)
        {
            var target = Path.Combine(folder, file.Name + ".gz");
            if (WhyWrong(target, file) is not null)
            {
                await FetchFileAsync(dataset, file, target, progress, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task FetchFileAsync(
        DatasetDefinition dataset, DatasetFile file, string target, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var partial = new PartialFile(target + AtomicFile.PartialSuffix);
        var reasons = new List<string>();
        foreach (var mirror in dataset.Mirrors)
        {
            var source = new Uri(mirror, file.Name + ".gz");
            if (await TryMirrorAsync(source, file, partial, progress, cancellation).ConfigureAwait(false) is not { } reason)
            {
                partial.MoveTo(target);
                return;
            }

            reasons.Add($"\n  {source}: {reason}");
        }

        throw new DatasetException(
            $"{dataset.Name}: {file.Name} could not be downloaded from any mirror:{string.Concat(reasons)}\n"
            + $"check the network (a proxy is taken from HTTPS_PROXY), or put the files into a folder and name it with --data");
    }

    /// <summary>Null when the partial file now holds the published bytes, else why this mirror is given up.</summary>
    private async Task<string?> TryMirrorAsync(
        Uri source, DatasetFile file, PartialFile partial, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        // gzip makes incompressible data a little longer, never by more than this.
        var mostBytes = file.Bytes + (file.Bytes / 100) + 65_536;
        var reason = "";
        for (var attempt = 1; attempt <= _options.Attempts; attempt++)
        {
            if (attempt > 1)
            {
                await Task.Delay(_options.Backoff * (1 << Math.Min(attempt - 2, 10)), _time, cancellation).ConfigureAwait(false);
            }

            var resumed = partial.ResumableFrom(source) > 0;
            try
            {
                var transfer = new DatasetTransfer(client, _options.StallTimeout, _time, mostBytes);
                await transfer.RunAsync(source, file.Name, partial, progress, cancellation).ConfigureAwait(false);
            }
            catch (TransferException failure)
            {
                reason = failure.Message;
                if (failure.IsFinal) break;

                continue;
            }

            if (WhyWrong(partial.Path, file) is not { } wrong) return null;

            partial.Delete();
            reason = wrong;
            if (!resumed) break;
        }

        return reason;
    }

    private static string? WhyWrong(string path, DatasetFile file)
    {
        try
        {
            var found = IdxFile.Read(path, file.Kind, "").Sha256;
            return found == file.Sha256
                ? null
                : $"sent other bytes: the SHA-256 of the decompressed file is {found}; expected {file.Sha256}";
        }
        catch (DatasetException broken)
        {
            return $"sent a broken file: {broken.Fault}";
        }
    }
}
