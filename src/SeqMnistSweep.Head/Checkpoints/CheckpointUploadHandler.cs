using System.Collections.Concurrent;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Head.Checkpoints;

/// <summary>Takes checkpoint files in: beside their place first, checked against the SHA-256 they are named after, flushed and renamed.
/// What breaks off stays, to be gone on with.</summary>
internal sealed class CheckpointUploadHandler(CheckpointStore files, CheckpointQuota quota, HeadStore store)
{
    public const long LargestFile = 2L << 30;

    private const int NoSpaceLeft = 28;

    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    /// <summary>Bytes of an upload that broke off.</summary>
    public long OffsetOf(TrialId trial, string digest) => new FileInfo(PartOf(trial, digest)) is { Exists: true } part ? part.Length : 0;

    /// <param name="body">The bytes from <paramref name="from"/> to the end.</param>
    /// <param name="total">Bytes of the whole file.</param>
    /// <returns>The status of the answer, and why where it is no success.</returns>
    /// <exception cref="IOException">The sender broke off.</exception>
    public async Task<(int Status, string Reason)> TakeAsync(
        TrialId trial, string digest, Stream body, long from, long total, CancellationToken cancellation)
    {
        var path = files.PathOf(trial, digest);
        if (File.Exists(path)) return (StatusCodes.Status200OK, "");

        if (WhyNotWanted(trial) is { } refusal) return refusal;

        if (!_underWay.TryAdd(path, true))
        {
            return (StatusCodes.Status409Conflict, "the same file is being uploaded by another request; ask again");
        }

        try
        {
            if (from != (from == 0 ? 0 : OffsetOf(trial, digest)))
            {
                return (
                    StatusCodes.Status409Conflict,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{OffsetOf(trial, digest)} bytes are here; the upload must go on from there, or from 0"));
            }

            return await quota.ReserveAsync(total - from, cancellation) is { } full
                ? (StatusCodes.Status507InsufficientStorage, full)
                : await ReceiveAsync(trial, digest, body, from, total, cancellation);
        }
        finally
        {
            _underWay.TryRemove(path, out _);
        }
    }

    private async Task<(int Status, string Reason)> ReceiveAsync(
        TrialId trial, string digest, Stream body, long from, long total, CancellationToken cancellation)
    {
        var part = PartOf(trial, digest);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(part)!);
            string found;
            await using (
                var target = new FileStream(
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

            File.Move(part, files.PathOf(trial, digest), overwrite: true);
            return (StatusCodes.Status201Created, "");
        }
        catch (IOException error) when (error.HResult == NoSpaceLeft)
        {
            File.Delete(part);
            return (StatusCodes.Status507InsufficientStorage, $"the disk of {files.Folder} is full");
        }
    }

    /// <summary>Files of strangers would stay for ever: only a trial that can still commit a checkpoint has room here.</summary>
    private (int Status, string Reason)? WhyNotWanted(TrialId trial) => store.Reader.Trial(trial) switch
    {
        null => (StatusCodes.Status404NotFound, $"there is no trial {trial}"),
        { State: var state } when StateNames.Parse<TrialState>(state).IsFinal() => (
            StatusCodes.Status410Gone, $"trial {trial} has ended ({state})"),
        _ => null,
    };

    private string PartOf(TrialId trial, string digest) => files.PathOf(trial, digest) + AtomicFile.PartialSuffix;
}
