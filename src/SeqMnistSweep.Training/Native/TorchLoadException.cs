namespace SeqMnistSweep.Training.Native;

/// <summary>libtorch could not be loaded. The message says why and what to do about it.</summary>
public sealed class TorchLoadException : Exception
{
    public TorchLoadException()
    {
    }

    public TorchLoadException(string message)
        : base(message)
    {
    }

    public TorchLoadException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
