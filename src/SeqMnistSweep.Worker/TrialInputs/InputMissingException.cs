namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>What an attempt needs is not to be had; the message says what, where it was looked for, and the cure.</summary>
internal sealed class InputMissingException(FailureCause cause, string message) : Exception(message)
{
    public FailureCause Cause { get; } = cause;
}
