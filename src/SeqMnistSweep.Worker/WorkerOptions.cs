using System.Net.Security;
using System.Reflection;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Worker;

/// <summary>How a worker is set up; fixed for its life.</summary>
public sealed record WorkerOptions
{
    /// <summary>Unique in the cluster and kept over restarts.</summary>
    public required string Name { get; init; }

    /// <summary>Trials that run at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary>The most bytes that a slot's process may have; a trial that takes more fails as <c>out_of_memory</c>. Null shares nine
    /// tenths of what this worker may use.</summary>
    public long? SlotMemory { get; init; }

    /// <summary>The limit in force. A container's own limit counts as the machine's.</summary>
    public long SlotMemoryLimit => SlotMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 9 / Slots;

    /// <summary><c>cpu</c>, <c>cuda:N</c>, or <c>cuda:N,M,...</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Of its GPUs, for the facts of what ran on them: <c>gpu</c>, <c>gpu_uuid</c>, <c>gpu_driver</c>, <c>gpu_capability</c>. Empty on a
    /// CPU.</summary>
    public ImmutableSortedDictionary<string, string> DeviceFacts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The device as it is recorded, with the name of its GPU: <c>cuda:0 NVIDIA H200</c>.</summary>
    public string DeviceText => DeviceFacts.GetValueOrDefault("gpu") is { } name ? OutsideText.Name($"{Device} {name}") : Device;

    /// <summary>What runners see of its GPUs: their UUIDs for CUDA_VISIBLE_DEVICES; none on a CPU.</summary>
    public ImmutableArray<string> GpuIds { get; init; } = [];

    /// <summary>By which its trials share the GPU; null where they take turns.</summary>
    public MpsShare? Mps { get; init; }

    /// <summary>GPUs that a trial can have: those of one slot. Where there are more slots than GPUs, several share one.</summary>
    public int GpusPerSlot => GpuIds.IsEmpty ? 0 : Math.Max(1, GpuIds.Length / Slots);

    /// <summary>Why the GPUs cannot be shared out evenly; null when they can.</summary>
    public string? UnevenSlots => GpuIds.IsEmpty || GpuIds.Length % Slots == 0 || Slots % GpuIds.Length == 0 ? null
        : $"{GpuIds.Length} GPUs cannot be shared out evenly to {Slots} slots";

    /// <summary>What the trainables that are built in train on, as they see it; a GPU's libtorch may be missing where programs of users have
    /// their own.</summary>
    public string TrainableDevice => GpuIds.IsEmpty ? Device : TrainsOnCpu ? "cpu" : "cuda:0";

    /// <summary>Whether the libtorch at hand knows no GPU although the worker has one.</summary>
    public bool TrainsOnCpu { get; init; }

    /// <summary>The head's HTTP address, by which files travel; null when both share their folders, as in <c>run</c>.</summary>
    public Uri? HeadUrl { get; init; }

    /// <summary>What is shown to the head at its address with every request; null shows nothing.</summary>
    public Func<Uri, string?>? HeadToken { get; init; }

    /// <summary>How an HTTPS head is known; null for what this machine trusts.</summary>
    public SslClientAuthenticationOptions? HeadTls { get; init; }

    /// <summary>What is shown with every exchange; null shows nothing.</summary>
    public Func<string>? WorkerKey { get; init; }

    /// <summary>A folder per sweep, in it one per trial. With <see cref="HeadUrl"/> this worker's own, emptied at its start.</summary>
    public required string CheckpointFolder { get; init; }

    /// <summary>Where the trials' own files lie, in the same order, beside the checkpoints; emptied with them.</summary>
    public string OutputFolder => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(CheckpointFolder))!, "outputs");

    /// <summary>Where the trials' logs lie: a folder per sweep, in it one file per trial.</summary>
    public required string LogFolder { get; init; }

    /// <summary>A folder with a folder per dataset, looked at before the usual places.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Where datasets from the head are kept, for all workers that name the same folder; null keeps none.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Program and arguments that start a runner.</summary>
    public required IReadOnlyList<string> RunnerCommand { get; init; }

    /// <summary>Whether test functions too run in runner processes; otherwise in this one.</summary>
    public bool Isolate { get; init; }

    /// <summary>Which programs of users it runs.</summary>
    public ProgramPolicy Programs { get; init; } = ProgramPolicy.None;

    /// <summary>What of its environment they get.</summary>
    public ProgramEnvironment ProgramEnvironment { get; init; } = ProgramEnvironment.Least;

    /// <summary>Whether they run in a sandbox of bubblewrap.</summary>
    public bool UsesSandbox { get; init; }

    /// <summary>The working directory of users' programs; null is this process's.</summary>
    public string? ProgramFolder { get; init; }

    /// <summary>For sweeps that ask for workers with a tag.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The program's version, as the head is told.</summary>
    public string Version { get; init; } =
        typeof(WorkerOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "unknown";

    /// <summary>Program and arguments that become the command after them, as the leader of a new session that adopts what its descendants
    /// leave behind. <c>setsid</c> alone adopts nothing: what leaves the program's process group then outlives it.</summary>
    public IReadOnlyList<string> KeeperCommand { get; init; } = ["setsid"];

    /// <summary>How long a trial may take to stop before it is killed, where its sweep file does not say; null for what is usual.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>The usual grace of a trial whose slot somebody wants: below the 2 s in which a cancelled trial's slot is free.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The usual grace of a program that a pruner ends: <c>torchrun</c> gives its own workers 30 s.</summary>
    public TimeSpan PruneGrace { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>How long a drain may take before what still runs is killed.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where a trial's own files lie.</summary>
    public string OutputFolderOf(TrialId trial) => Path.Combine(OutputFolder, trial.Sweep.Value, $"{trial.Number}");

    /// <summary>The same with the GPUs of one slot only.</summary>
    /// <param name="slot">From 0.</param>
    public WorkerOptions OfSlot(int slot) => GpuIds.Length < 2 ? this : this with
    {
        GpuIds = [.. Enumerable.Range(slot * GpusPerSlot, GpusPerSlot).Select(gpu => GpuIds[gpu % GpuIds.Length])],
    };

    /// <summary>The grace of a trial whose slot is wanted: cancelled, or past its time.</summary>
    public TimeSpan StopGraceOf(TrialAssignment assignment) => assignment.Grace ?? Grace ?? StopGrace;

    /// <summary>The grace of a trial that a pruner ends or pauses.</summary>
    public TimeSpan PruneGraceOf(TrialAssignment assignment) => assignment.Grace ?? Grace ?? PruneGrace;
}

/// <summary>NVIDIA MPS, by which several trials compute on a GPU at the same time.</summary>
/// <param name="Folder">Of its pipes, for CUDA_MPS_PIPE_DIRECTORY.</param>
/// <param name="IsAlive">Whether its daemon is there.</param>
/// <param name="Look">Starts it again where it has gone.</param>
public sealed record MpsShare(string Folder, Func<bool> IsAlive, Func<Task> Look);
