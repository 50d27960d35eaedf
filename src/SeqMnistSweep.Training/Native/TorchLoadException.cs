namespace SeqMnistSweep.Training.Native;

/// <summary>libtorch could not be loaded.</summary>
/// <param name="message">Says why and what to do about it, for the user.</param>
/// <param name="cause">What was caught; null when nothing was.</param>
public sealed class TorchLoadException(string message, Exception? cause = null) : Exception(message, cause);
