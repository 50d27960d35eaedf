using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>Understands what a user's program says on its standard output, and takes in its checkpoints under their digests.</summary>
internal sealed class ProgramOutput(TrialAssignment assignment)
{
    private const int MaxCopies = 5;

    private readonly string _folder = Path.GetFullPath(assignment.CheckpointFolder);
    private int _epoch = assignment.Resume?.Epoch ?? 0;
    private int _batch = assignment.Resume is { } resume ? resume.Batch + 1 : 0;

    /// <summary>The message that a line makes; null for a line of the log.</summary>
    /// <param name="complain">Told what is wrong with a checkpoint that cannot be taken; its line's metrics count all the same.</param>
    public async Task<AttemptEvent?> EventOfAsync(string line, Action<string> complain)
    {
        if (ProgramLine.Parse(line) is not { } said) return null;

        if (said.Metrics.IsEmpty)
        {
            var alone = await TakeAsync(said.Checkpoint!, _epoch, _batch, complain);
            _batch += alone is null ? 0 : 1;
            return alone is null ? null : new AttemptEvent.Checkpointed(alone);
        }

        _epoch = said.Epoch ?? _epoch + 1;
        var checkpoint = said.Checkpoint is { } file ? await TakeAsync(file, _epoch, 0, complain) : null;
        _batch = checkpoint is null ? 0 : 1;
        return new AttemptEvent.Reported(_epoch, said.Metrics, checkpoint);
    }

    /// <summary>A copy, so that the program may write the same file again at once.</summary>
    private async Task<CheckpointFile?> TakeAsync(string name, int epoch, int batch, Action<string> complain)
    {
        var path = Path.GetFullPath(Path.Combine(_folder, name));
        if (!path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            complain($"seqsweep: the checkpoint '{name}' is not taken: it must lie in SEQSWEEP_CHECKPOINT_FOLDER, {_folder}");
            return null;
        }

        try
        {
            using var copy = new AtomicFile(Path.Combine(_folder, "checkpoint"));
            await CopyStillAsync(path, copy.Stream);
            copy.Stream.Position = 0;
            var digest = await Digest.OfAsync(copy.Stream, CancellationToken.None);
            var checkpoint = new CheckpointFile(epoch, batch, digest, copy.Stream.Length);
            copy.Commit(Path.Combine(_folder, checkpoint.FileName));
            return checkpoint;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            complain($"seqsweep: the checkpoint '{name}' is not taken: {error.Message}");
            return null;
        }
    }

    /// <summary>A copy that the program did not write into meanwhile.</summary>
    private static async Task CopyStillAsync(string from, FileStream to)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = Look(from);
            to.SetLength(0);
            await using (var source = File.OpenRead(from))
            {
                await source.CopyToAsync(to);
            }

            if (Look(from) == before) return;

            if (attempt == MaxCopies)
            {
                throw new IOException(
                    $"it was written again each of the {MaxCopies} times that it was copied; write to another file and rename it");
            }
        }

        static (DateTime Written, long Bytes) Look(string path) => (File.GetLastWriteTimeUtc(path), new FileInfo(path).Length);
    }
}
