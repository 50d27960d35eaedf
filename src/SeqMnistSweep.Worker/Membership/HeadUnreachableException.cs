namespace SeqMnistSweep.Worker.Membership;

/// <summary>The head did not do what it was asked over HTTP. The message names its address and the reason; trying again later may
/// help.</summary>
public sealed class HeadUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
