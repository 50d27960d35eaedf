namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>The checkpoint that an attempt is to go on from is missing or damaged, here and on the head.</summary>
internal sealed class CheckpointLostException(CheckpointFile checkpoint, string message) : Exception(message)
{
    public CheckpointFile Checkpoint { get; } = checkpoint;
}
