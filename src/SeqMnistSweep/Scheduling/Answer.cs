using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>What a schedule answers to one event of a holder.</summary>
/// <param name="IsFenced">The holder's lease is not the trial's newest: drop the attempt.</param>
/// <param name="Verdict">Set for a report.</param>
public readonly record struct Answer(bool IsFenced, Verdict? Verdict)
{
    public static Answer Fenced { get; } = new(true, null);

    public static Answer Noted { get; } = new(false, null);

    public static Answer Of(Verdict verdict) => new(false, verdict);
}
