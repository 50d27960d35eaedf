namespace SeqMnistSweep.FaultSimulation;

/// <summary>One of the guarantees does not hold.</summary>
/// <param name="trial">Whose; null for the sweep's or the head's.</param>
internal sealed class BrokenPromiseException(string message, string? trial = null) : Exception(message)
{
    public string? Trial => trial;
}
