using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Checkpoints;

namespace SeqMnistSweep.Head.Outputs;

/// <summary>The trials' own files and logs: a worker brings them when its attempt ends, and everybody who may see the trial reads them.</summary>
internal sealed class TrialFileStore(HeadOptions options, HeadStore store)
{
    /// <summary>An attempt logs 64 MiB at most, and a few last words.</summary>
    public const long LargestLog = 65L << 20;

    public IReadOnlyList<OutputFile> List(TrialId trial) => OutputFolder.List(FolderOf(trial));

    /// <summary>The path of a file; null where there is none of that name.</summary>
    public string? Find(TrialId trial, string name) => OutputFolder.Find(FolderOf(trial), name);

    /// <param name="worker">Who brings it; null where it is none, or nobody knows.</param>
    /// <returns>The status of the answer, and why where it is no success.</returns>
    /// <exception cref="IOException">The sender broke off.</exception>
    public async Task<(int Status, string Reason)> TakeAsync(
        TrialId trial, int attempt, string name, Stream body, long bytes, string? worker, CancellationToken cancellation)
    {
        if (OutputFolder.NameProblem(name) is { } problem) return (StatusCodes.Status400BadRequest, problem);

        if (WhyNotHeld(trial, attempt, worker) is { } refusal) return refusal;

        return WhyTooMuch(trial, name, bytes) is { } full
            ? full
            : await ReceiveAsync(FolderOf(trial), name, body, bytes, cancellation);
    }

    /// <inheritdoc cref="TakeAsync"/>
    public async Task<(int Status, string Reason)> TakeLogAsync(
        TrialId trial, int attempt, Stream body, long bytes, string? worker, CancellationToken cancellation)
    {
        if (store.Reader.Trial(trial) is not { } row) return (StatusCodes.Status404NotFound, $"there is no trial {trial}");

        var isTheirs = worker is null
            ? attempt >= 1 && attempt <= row.Attempts
            : store.Reader.Attempts(trial).Any(one => one.Attempt == attempt && one.Worker == worker);
        if (!isTheirs) return (StatusCodes.Status403Forbidden, $"worker {worker} had no attempt {attempt} of trial {trial}");

        return bytes > LargestLog
            ? (StatusCodes.Status413PayloadTooLarge, $"a log of {bytes} bytes is too large; at most {LargestLog} are taken")
            : await ReceiveAsync(KeptLogs.FolderOf(options, trial), $"{attempt}.log", body, bytes, cancellation);
    }

    /// <summary>Deletes a file that the trial has deleted, and the folders that are empty then.</summary>
    public (int Status, string Reason) Drop(TrialId trial, int attempt, string name, string? worker)
    {
        if (WhyNotHeld(trial, attempt, worker) is { } refusal) return refusal;

        if (Find(trial, name) is not { } path) return (StatusCodes.Status404NotFound, "there is no such file");

        File.Delete(path);
        var root = Path.GetFullPath(FolderOf(trial));
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            folder.Length > root.Length && !Directory.EnumerateFileSystemEntries(folder).Any();
            folder = Path.GetDirectoryName(folder)!)
        {
            Directory.Delete(folder);
        }

        return (StatusCodes.Status204NoContent, "");
    }

    /// <summary>Files are taken of the last attempt alone, and of the worker that has it or had it: a pruner may have ended the trial while
    /// its program still wrote them.</summary>
    private (int Status, string Reason)? WhyNotHeld(TrialId trial, int attempt, string? worker) => store.Reader.Trial(trial) switch
    {
        null => (StatusCodes.Status404NotFound, $"there is no trial {trial}"),
        { Attempts: var last } when last != attempt => (
            StatusCodes.Status403Forbidden, $"attempt {attempt} of trial {trial} is not its last one, which is {last}"),
        { Worker: var holder } when worker is not null && worker != holder => (
            StatusCodes.Status403Forbidden, $"worker {worker} does not hold trial {trial}"),
        _ => null,
    };

    private (int Status, string Reason)? WhyTooMuch(TrialId trial, string name, long bytes)
    {
        var others = List(trial).Where(file => file.Name != name).ToList();
        return OutputFolder.WhyTooMuch(bytes, others.Count, others.Sum(file => file.Bytes)) is { } excess
            ? (StatusCodes.Status413PayloadTooLarge, excess)
            : CheckpointQuota.WhyNoRoom(options.OutputFolder, bytes) is { } full
            ? (StatusCodes.Status507InsufficientStorage, full)
            : null;
    }

    /// <summary>Beside its folder first, so that a file appears whole or not at all. There is one at a time of a trial.</summary>
    private static async Task<(int Status, string Reason)> ReceiveAsync(
        string folder, string name, Stream body, long bytes, CancellationToken cancellation)
    {
        var (part, path) = (folder + AtomicFile.PartialSuffix, Path.Combine(folder, name));
        PrivateFile.CreateMissingFolders(Path.GetDirectoryName(part)!);
        if (Opened(part) is not { } target)
        {
            return (StatusCodes.Status409Conflict, "another file of this trial is being uploaded; ask again");
        }

        try
        {
            await using (target)
            {
                await body.CopyToAsync(target, cancellation);
                if (target.Length != bytes)
                {
                    return (StatusCodes.Status400BadRequest, $"the upload ended after {target.Length} of {bytes} bytes");
                }

                target.Flush(flushToDisk: true);
            }

            if (!IsOwn(folder, Path.GetDirectoryName(path)!)) return (StatusCodes.Status400BadRequest, $"'{name}' leads through a link");

            PrivateFile.CreateMissingFolders(Path.GetDirectoryName(path)!);
            File.Move(part, path, overwrite: true);
            return (StatusCodes.Status201Created, "");
        }
        catch (IOException error) when (error.HResult == CheckpointUploadHandler.NoSpaceLeft)
        {
            return (StatusCodes.Status507InsufficientStorage, $"the disk of {folder} is full");
        }
        catch (IOException) when (Directory.Exists(path) || File.Exists(Path.GetDirectoryName(path)))
        {
            return (StatusCodes.Status400BadRequest, $"'{name}' is a folder by now, or lies in one that is a file");
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static FileStream? Opened(string part)
    {
        try
        {
            return PrivateFile.Open(part, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(part))
        {
            return null;
        }
    }

    /// <summary>Whether no folder on the way is a link.</summary>
    private static bool IsOwn(string root, string folder)
    {
        for (; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            if (new DirectoryInfo(folder).LinkTarget is not null) return false;
        }

        return true;
    }

    private string FolderOf(TrialId trial) =>
        Path.Combine(options.OutputFolder, trial.Sweep.Value, trial.Number.ToString(CultureInfo.InvariantCulture));
}
