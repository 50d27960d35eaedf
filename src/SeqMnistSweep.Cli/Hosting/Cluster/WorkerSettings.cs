using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>What <c>seqsweep worker</c> was told.</summary>
/// <param name="Slots">Null: one per core on a CPU, one on a GPU.</param>
/// <param name="SlotMemory">Bytes that the process of a slot may have; null shares what there is.</param>
/// <param name="Folder">Holds a folder per worker.</param>
internal sealed record WorkerSettings(
    Uri Head, string Name, string Device, int? Slots, long? SlotMemory, IReadOnlyList<string> Tags, TimeSpan? UntilIdle, TimeSpan? MaxTime,
    TimeSpan DrainTime, string? DataFolder, string? Libtorch, string Folder, bool AllowsPrograms, string ProgramFolder, string? Listen,
    string? Advertise, int SiloPort, MembershipChoice Membership, bool Insecure, bool Isolate);
