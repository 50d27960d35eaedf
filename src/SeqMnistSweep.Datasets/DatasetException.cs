namespace SeqMnistSweep.Datasets;

/// <summary>A dataset that cannot be used: missing, broken, not the published one, or not downloadable. The message names the file, what
/// was found, what was expected and the cure, and is meant for the user as it is.</summary>
public sealed class DatasetException : Exception
{
    /// <summary>A fault with its cause.</summary>
    /// <param name="message">Complete, for the user.</param>
    /// <param name="cause">What was caught; null when nothing was.</param>
    public DatasetException(string message, Exception? cause = null)
        : base(message, cause) => Fault = message;

    internal DatasetException(string path, string fault, string cure, Exception? cause = null)
        : base($"{path}: {fault}; {cure}", cause) => Fault = fault;

    /// <summary>What was found and what was expected, without the file's name and the cure where the fault is one file's.</summary>
    public string Fault { get; }
}
