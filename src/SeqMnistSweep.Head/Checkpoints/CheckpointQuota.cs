using SeqMnistSweep.Files;

namespace SeqMnistSweep.Head.Checkpoints;

/// <summary>Keeps the checkpoint folder below its quota: what ended trials left goes first, the oldest before the newer; what a trial still
/// needs never.</summary>
internal sealed class CheckpointQuota(HeadOptions options, CheckpointStore files, HeadStore store, TimeProvider time) : IDisposable
{
    /// <summary>What uploads leave free of a disk, which the database may share: so much, or a twentieth of a small disk.</summary>
    private const long Reserve = 1L << 30;

    private readonly SemaphoreSlim _turn = new(1);
    private long? _used;

    /// <summary>Sets room aside for a file.</summary>
    /// <returns>Null when there is room, else why not.</returns>
    public async Task<string?> ReserveAsync(long bytes, CancellationToken cancellation)
    {
        if (WhyNoRoom(files.Folder, bytes) is { } full) return full;

        if (options.CheckpointQuota is not { } quota) return null;

        await _turn.WaitAsync(cancellation);
        try
        {
            // Files are deleted elsewhere too, so what is counted here is never less than what is there.
            if (_used is null || _used + bytes > quota)
            {
                _used = MeasureUsed();
            }

            if (_used + bytes > quota && bytes <= quota)
            {
                await DropOldestAsync(_used.Value + bytes - quota, quota);
                _used = MeasureUsed();
            }

            if (_used + bytes > quota)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"the checkpoints of unfinished trials fill the quota of {quota} bytes: {_used} are used, {bytes} more are asked for; "
                        + $"start the head with a larger quota, or end some trials");
            }

            _used += bytes;
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <returns>Null when there is room on the disk of a folder, else why not.</returns>
    public static string? WhyNoRoom(string folder, long bytes)
    {
        try
        {
            PrivateFile.CreateMissingFolders(folder);
            var disk = new DriveInfo(Path.GetFullPath(folder));
            return WhyNoRoom(bytes, disk.AvailableFreeSpace, disk.TotalSize);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // what cannot be measured is found out by writing
        }
    }

    /// <returns>Null when there is room on a disk, else why not.</returns>
    internal static string? WhyNoRoom(long bytes, long free, long disk) => free - bytes >= Math.Min(Reserve, disk / 20)
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the disk of the head's files has {free} bytes free, of which {Math.Min(Reserve, disk / 20)} are kept for the database, and "
                + $"{bytes} are asked for");

    public void Dispose() => _turn.Dispose();

    private async Task DropOldestAsync(long bytes, long quota)
    {
        while (bytes > 0 && store.Reader.CheckpointsOfEndedTrials() is { Count: > 0 } candidates)
        {
            foreach (var oldest in candidates)
            {
                var trial = TrialId.Parse(oldest.Trial);
                var reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"the checkpoint of epoch {oldest.Epoch} ({oldest.Bytes} bytes) made room: the folder may hold {quota} bytes");
                if (await store.Writer.DropCheckpointAsync(trial, oldest.Digest, reason, time.GetUtcNow()))
                {
                    // The row first: one without a file would be a lie, a file without a row is only waste.
                    files.Drop(trial, oldest.Digest);
                    bytes -= oldest.Bytes;
                }

                if (bytes <= 0) return;
            }
        }
    }

    private long MeasureUsed() => Directory.Exists(files.Folder)
        ? new DirectoryInfo(files.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(SizeOf)
        : 0;

    private static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
