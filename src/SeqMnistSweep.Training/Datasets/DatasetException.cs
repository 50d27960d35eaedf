namespace SeqMnistSweep.Training.Datasets;

/// <summary>
/// A dataset that cannot be used: missing, broken, not the published one, or not downloadable. The message names the file, what
/// was found, what was expected and the cure, and is meant for the user as it is.
/// </summary>
public sealed class DatasetException : Exception
{
    public DatasetException(string message)
        : base(message)
    {
    }

    public DatasetException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
