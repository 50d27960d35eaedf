namespace SeqMnistSweep.Scheduling;

/// <summary>What a schedule answers to one event of a holder.</summary>
/// <param name="IsFenced">The holder's lease is not the trial's newest: drop the attempt.</param>
/// <param name="Verdict">Set for a report.</param>
public readonly record struct Answer(bool IsFenced, Verdict? Verdict)
{
    /// <summary>The lease is stale: the holder drops the attempt.</summary>
    public static Answer Fenced { get; } = new(true, null);

    /// <summary>Taken in.</summary>
    public static Answer Noted { get; } = new(false, null);

    /// <summary>Taken in, with the verdict on a report.</summary>
    public static Answer Of(Verdict verdict) => new(false, verdict);
}
