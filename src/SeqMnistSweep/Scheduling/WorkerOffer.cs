namespace SeqMnistSweep.Scheduling;

/// <summary>What a worker has to give, and for whom.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.WorkerOffer")]
public sealed record WorkerOffer
{
    /// <summary>Labels that a sweep may ask for.</summary>
    [Id(0)] public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Whether it runs programs of users.</summary>
    [Id(1)] public bool AllowsPrograms { get; init; }

    /// <summary>The program's version.</summary>
    [Id(2)] public string Version { get; init; } = "";

    /// <summary>Not a worker but somebody who asks for one trial and tells what became of it.</summary>
    [Id(3)] public bool Asks { get; init; }

    /// <summary>GPUs of one slot; 0 on a CPU.</summary>
    [Id(4)] public int Gpus { get; init; }

    /// <summary>Bytes of GPU memory that one trial can have at most, of all GPUs of a slot, beside programs of others; null on a CPU, and where the driver does not say.</summary>
    [Id(5)] public long? GpuMemory { get; init; }

    /// <summary>What is known of its device, and how its number of slots was found; empty on a CPU.</summary>
    [Id(6)] public ImmutableSortedDictionary<string, string> Facts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
