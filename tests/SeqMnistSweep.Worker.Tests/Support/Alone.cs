namespace SeqMnistSweep.Worker.Tests.Support;

/// <summary>For tests that measure the process they run in.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
