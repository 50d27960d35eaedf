namespace SeqMnistSweep.Definitions;

/// <summary>A report that no trial can make now; the message names the epoch and what would be accepted. Nothing is changed.</summary>
[GenerateSerializer, Alias("seqsweep.ReportRefusedException")]
public sealed class ReportRefusedException(string message) : SweepRefusedException(message);
