namespace SeqMnistSweep.Training.Tests;

/// <summary>libtorch has state per process (threads, generator) and some tests watch the process's memory: these classes run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchCollection
{
    public const string Name = "libtorch";
}
