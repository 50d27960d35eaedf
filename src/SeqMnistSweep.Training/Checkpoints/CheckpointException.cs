namespace SeqMnistSweep.Training.Checkpoints;

/// <summary>A checkpoint is missing, damaged or of another network.</summary>
/// <param name="message">Names the file and what is wrong, for the user.</param>
/// <param name="cause">What was caught; null when nothing was.</param>
public sealed class CheckpointException(string message, Exception? cause = null) : Exception(message, cause);
