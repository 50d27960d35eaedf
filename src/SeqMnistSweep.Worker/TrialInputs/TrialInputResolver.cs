using SeqMnistSweep.Files;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>Brings here what an attempt needs before it runs: the right to run it, its dataset, the checkpoint it goes on from, the files that
/// its program wrote elsewhere.</summary>
internal sealed class TrialInputResolver(WorkerOptions options, HeadFiles? head, TrialFiles? files, DatasetFetcher datasets)
{
    /// <returns>The folder to look for datasets in first; null for the usual places only.</returns>
    /// <exception cref="InputMissingException">Something is not to be had.</exception>
    /// <exception cref="CheckpointLostException">The checkpoint is not to be had.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while something was on its way.</exception>
    public async Task<string?> ResolveAsync(TrialGrant grant, CancellationToken cancellation)
    {
        var isProgram = TrainableCatalog.Find(grant.Program) is null;
        if (isProgram && ProgramStart.Refusal(grant, options) is { } refusal)
        {
            throw new InputMissingException(FailureCause.Invalid, $"worker {options.Name} does not run '{grant.Program}': {refusal}");
        }

        await ResolveCheckpointAsync(grant, cancellation);
        if (isProgram && files is not null)
        {
            await files.FetchAsync(grant, cancellation);
        }

        return await datasets.ResolveAsync(grant, cancellation);
    }

    private async Task ResolveCheckpointAsync(TrialGrant grant, CancellationToken cancellation)
    {
        if (grant.Resume is not { } resume) return;

        var folder = Path.Combine(options.CheckpointFolder, grant.Trial.Sweep.Value, $"{grant.Trial.Number}");
        var path = Path.Combine(folder, resume.FileName);
        if (!File.Exists(path) || await Digest.OfFileAsync(path, cancellation) != resume.Digest)
        {
            await FetchCheckpointAsync(grant.Trial, resume, path, cancellation);
        }

        if (resume.IsFolder)
        {
            await CheckpointTar.UnpackAsync(path, ProgramStart.ResumeOf(grant, folder), cancellation);
        }
    }

    private async Task FetchCheckpointAsync(TrialId trial, CheckpointFile resume, string path, CancellationToken cancellation)
    {
        var here = File.Exists(path) ? $"damaged: {path} does not have the SHA-256 it is named after" : $"missing: there is no {path}";
        if (head is null)
        {
            throw new CheckpointLostException(resume, $"the checkpoint of epoch {resume.Epoch} is {here}");
        }

        try
        {
            if (!await head.DownloadAsync(HeadFiles.PathOf(trial, resume), path, resume.Digest, resume.Bytes, cancellation))
            {
                throw new CheckpointLostException(resume, $"the checkpoint of epoch {resume.Epoch} is {here}, and the head has none");
            }
        }
        catch (InvalidDataException damaged)
        {
            throw new CheckpointLostException(resume, $"the checkpoint of epoch {resume.Epoch} is damaged on the head: {damaged.Message}");
        }
    }
}

/// <summary>The checkpoint that an attempt is to go on from is missing or damaged, here and on the head.</summary>
internal sealed class CheckpointLostException(CheckpointFile checkpoint, string message) : Exception(message)
{
    public CheckpointFile Checkpoint { get; } = checkpoint;
}

/// <summary>What an attempt needs is not to be had; the message says what, where it was looked for, and the cure.</summary>
internal sealed class InputMissingException(FailureCause cause, string message) : Exception(message)
{
    public FailureCause Cause { get; } = cause;
}
