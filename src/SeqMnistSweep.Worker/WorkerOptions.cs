namespace SeqMnistSweep.Worker;

/// <summary>How a worker is set up; fixed for its life.</summary>
public sealed record WorkerOptions
{
    /// <summary>Unique in the cluster and kept over restarts.</summary>
    public required string Name { get; init; }

    /// <summary>Trials that run at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>What the runner sees of that GPU: its UUID for CUDA_VISIBLE_DEVICES; null on a CPU.</summary>
    public string? GpuId { get; init; }

    /// <summary>Where checkpoints lie: a folder per sweep, in it one per trial.</summary>
    public required string CheckpointFolder { get; init; }

    /// <summary>Where the trials' logs lie: a folder per sweep, in it one file per trial.</summary>
    public required string LogFolder { get; init; }

    /// <summary>A folder with a folder per dataset, looked at before the usual places.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Program and arguments that start a runner.</summary>
    public required IReadOnlyList<string> RunnerCommand { get; init; }

    /// <summary>How long a runner may take to stop when told to, before it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a drain may take before what still runs is killed.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);
}
