namespace SeqMnistSweep.Tests.Support;

/// <summary>For tests that measure the whole process: what others do beside them would count too.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
