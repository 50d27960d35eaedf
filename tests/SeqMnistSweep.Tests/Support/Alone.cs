namespace SeqMnistSweep.Tests.Support;

/// <summary>For tests that keep every core busy: those that talk to a head would wait in vain beside them.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
