namespace SeqMnistSweep.Results.Writing;

/// <summary>What became of one batch of changes.</summary>
public enum WriteOutcome
{
    /// <summary>All of it is on the disk.</summary>
    Applied,

    /// <summary>None of it was applied: a change named a lease that is no longer the trial's, or would have changed a trial in a final
    /// state.</summary>
    Fenced,
}
