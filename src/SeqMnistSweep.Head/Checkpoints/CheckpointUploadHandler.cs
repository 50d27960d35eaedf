using System.Collections.Concurrent;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Head.Checkpoints;

/// <summary>Takes checkpoint files in: beside their place first, checked against the SHA-256 they are named after, flushed and renamed.
/// What breaks off stays, to be gone on with.</summary>
internal sealed class CheckpointUploadHandler(CheckpointStore files, CheckpointQuota quota, HeadStore store)
{
    public const long LargestFile = 2L << 30;

    /// <summary>Files of a trial: its newest checkpoint, the one before it, and what was uploaded but never told of, the oldest of
    /// which make room for the next.</summary>
    public const int MaxFiles = 8;

    /// <summary>ENOSPC, as an <see cref="IOException"/> has it.</summary>
    internal const int NoSpaceLeft = 28;

    private const int MaxUnderWay = 2;

    private readonly ConcurrentDictionary<string, TrialId> _underWay = new(StringComparer.Ordinal);

    /// <summary>Bytes of an upload that broke off.</summary>
    public long OffsetOf(TrialId trial, string name) => new FileInfo(PartOf(trial, name)) is { Exists: true } part ? part.Length : 0;

    /// <param name="name">A digest with its suffix.</param>
    /// <param name="body">The bytes from <paramref name="from"/> to the end.</param>
    /// <param name="total">Bytes of the whole file.</param>
    /// <param name="worker">Who uploads; null where it is none, or nobody knows.</param>
    /// <returns>The status of the answer, and why where it is no success.</returns>
    /// <exception cref="IOException">The sender broke off.</exception>
    public async Task<(int Status, string Reason)> TakeAsync(
        TrialId trial, string name, Stream body, long from, long total, string? worker, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(files.PathOf(trial, name));
        if (File.Exists(path)) return (StatusCodes.Status200OK, "");

        if (WhyNotWanted(trial, worker) is { } refusal) return refusal;

        if (!_underWay.TryAdd(path, trial))
        {
            return (StatusCodes.Status409Conflict, "the same file is being uploaded by another request; ask again");
        }

        try
        {
            if (_underWay.Values.Count(other => other == trial) > MaxUnderWay)
            {
                return (StatusCodes.Status409Conflict, $"{MaxUnderWay} files of trial {trial} are being uploaded; ask again");
            }

            if (from != (from == 0 ? 0 : OffsetOf(trial, name)))
            {
                return (
                    StatusCodes.Status409Conflict,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{OffsetOf(trial, name)} bytes are here; the upload must go on from there, or from 0"));
            }

            MakeRoom(trial);
            return await quota.ReserveAsync(total - from, cancellation) is { } full
                ? (StatusCodes.Status507InsufficientStorage, full)
                : await ReceiveAsync(trial, name, body, from, total, cancellation);
        }
        finally
        {
            _underWay.TryRemove(path, out _);
        }
    }

    private async Task<(int Status, string Reason)> ReceiveAsync(
        TrialId trial, string name, Stream body, long from, long total, CancellationToken cancellation)
    {
        var (part, digest) = (PartOf(trial, name), name.Split('.')[0]);
        try
        {
            PrivateFile.CreateMissingFolders(Path.GetDirectoryName(part)!);
            string found;
            await using (
                var target = PrivateFile.Open(
                    part, from == 0 ? FileMode.Create : FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0))
            {
                target.Seek(0, SeekOrigin.End);
                await body.CopyToAsync(target, cancellation);
                if (target.Length < total)
                {
                    return (StatusCodes.Status400BadRequest, $"the upload ended after {target.Length} of {total} bytes");
                }

                target.Flush(flushToDisk: true);
                target.Position = 0;
                found = await Digest.OfAsync(target, cancellation);
            }

            if (found != digest)
            {
                File.Delete(part);
                return (
                    StatusCodes.Status422UnprocessableEntity,
                    $"the file has the SHA-256 {found}, not {digest} as it is named; nothing was kept");
            }

            File.Move(part, files.PathOf(trial, name), overwrite: true);
            return (StatusCodes.Status201Created, "");
        }
        catch (IOException error) when (error.HResult == NoSpaceLeft)
        {
            File.Delete(part);
            return (StatusCodes.Status507InsufficientStorage, $"the disk of {files.Folder} is full");
        }
    }

    private void MakeRoom(TrialId trial)
    {
        var committed = store.Reader.Checkpoints(trial)
            .Select(row => Path.GetFullPath(files.PathOf(trial, CheckpointFile.NameOf(row.Digest, row.Name)))).ToHashSet();
        files.Trim(trial, MaxFiles - 1, file => committed.Contains(file)
            || _underWay.ContainsKey(file) || _underWay.ContainsKey(file[..^(
                file.EndsWith(AtomicFile.PartialSuffix, StringComparison.Ordinal) ? AtomicFile.PartialSuffix.Length : 0)]));
    }

    /// <summary>Files of strangers would stay for ever: only a trial that can still commit a checkpoint has room here, and only for the
    /// worker that holds it.</summary>
    private (int Status, string Reason)? WhyNotWanted(TrialId trial, string? worker) => store.Reader.Trial(trial) switch
    {
        null => (StatusCodes.Status404NotFound, $"there is no trial {trial}"),
        { State: var state } when StateNames.Parse<TrialState>(state).IsFinal() => (
            StatusCodes.Status410Gone, $"trial {trial} has ended ({state})"),
        { State: var state, Worker: var holder } when worker is not null && (worker != holder || state == TrialState.Queued.ToName()) => (
            StatusCodes.Status403Forbidden, $"worker {worker} does not hold trial {trial}"),
        _ => null,
    };

    private string PartOf(TrialId trial, string name) => files.PathOf(trial, name) + AtomicFile.PartialSuffix;
}
