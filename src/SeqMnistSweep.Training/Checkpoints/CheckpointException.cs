namespace SeqMnistSweep.Training.Checkpoints;

/// <summary>A checkpoint is missing, damaged or of another network. The message names the file and what is wrong.</summary>
public sealed class CheckpointException : Exception
{
    public CheckpointException()
    {
    }

    public CheckpointException(string message)
        : base(message)
    {
    }

    public CheckpointException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
