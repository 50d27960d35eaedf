namespace SeqMnistSweep.Results;
public sealed class ResultReader { }
