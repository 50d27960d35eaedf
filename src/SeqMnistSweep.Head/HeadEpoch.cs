namespace SeqMnistSweep.Head;

/// <summary>How many times a head has started on this database, this start included.</summary>
internal sealed record HeadEpoch(long Value);
