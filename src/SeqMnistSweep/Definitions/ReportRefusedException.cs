namespace SeqMnistSweep.Definitions;

/// <summary>A report or an end that cannot be told now; the message names what is wrong and what would be accepted. Nothing is
/// changed.</summary>
[GenerateSerializer, Alias("seqsweep.ReportRefusedException")]
public sealed class ReportRefusedException(string message) : SweepRefusedException(message);
