namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>Brings checkpoints from the spool to the head.</summary>
/// <param name="notStored">Told why the head keeps one not.</param>
internal sealed class CheckpointUploader(HeadFiles head, CheckpointSpool spool, Action<TrialId, string> notStored)
{
    /// <summary>Waits for the head as long as it is away.</summary>
    /// <returns>Whether the head has the file now.</returns>
    public async Task<bool> UploadAsync(TrialId trial, CheckpointFile checkpoint, CancellationToken cancellation)
    {
        string? reason;
        try
        {
            reason = await head.UploadAsync(HeadFiles.PathOf(trial, checkpoint.Digest), spool.PathOf(trial, checkpoint), cancellation);
        }
        catch (IOException error)
        {
            reason = error.Message;
        }

        if (reason is not null)
        {
            notStored(trial, reason);
            return false;
        }

        spool.Supersede(trial, checkpoint);
        return true;
    }
}
