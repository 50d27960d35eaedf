namespace SeqMnistSweep.Head.Storage;

/// <summary>How a head is set up; fixed for its life.</summary>
public sealed record HeadOptions
{
    /// <summary>Where checkpoints lie: a folder per sweep, in it one per trial.</summary>
    public required string CheckpointFolder { get; init; }

    /// <summary>Where the trials' own files lie, in the same order, beside the checkpoints.</summary>
    public string OutputFolder => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(CheckpointFolder))!, "outputs");

    /// <summary>Where the logs lie that workers have brought: a folder per sweep, in it one per trial, in it a file per attempt.</summary>
    public string LogFolder => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(CheckpointFolder))!, "logs");

    /// <summary>Whether a head that starts goes on with every unfinished sweep, or only with those that are submitted again.</summary>
    public bool TakesUpUnfinished { get; init; } = true;

    /// <summary>Finds, of the datasets named, those that the head has, with their digests: asked when a client leaves that to the head.
    /// Null looks at no data; the sweep then takes the workers' as it is.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<ImmutableSortedDictionary<string, string>>>? FindDatasets { get; init; }

    /// <summary>How long a lease lives after its holder was last heard.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes that <see cref="CheckpointFolder"/> may hold; over it the checkpoints of ended trials go, the oldest first. Null is
    /// no limit but the disk's.</summary>
    public long? CheckpointQuota { get; init; }

    /// <summary>A dataset of this machine by its name, for workers that lack it; throws
    /// <see cref="SeqMnistSweep.Definitions.SweepRefusedException"/> with the reason and the cure where there is none. Null serves
    /// none.</summary>
    public Func<string, DatasetOnHead>? Datasets { get; init; }

    /// <summary>The first test images of a dataset, for the pages; throws <see cref="SeqMnistSweep.Definitions.SweepRefusedException"/>
    /// where there are none. Null has none of any.</summary>
    public Func<string, SampleImages>? Samples { get; init; }

    /// <summary>Whether the pages are those of one process for its own account: the tokens that the database has are not taken, and cookies
    /// end with the process.</summary>
    public bool OwnAccountOnly { get; init; }

    /// <summary>The one sweep that runs here, once it is known: others are not steered and none is submitted. Null steers all.</summary>
    public Func<SweepId?>? OnlySweep { get; init; }

    /// <summary>Whether a request without a credential is an admin's: only where the network is closed.</summary>
    public bool Insecure { get; init; }

    /// <summary>Starts a process that answers one query; null answers none.</summary>
    public IReadOnlyList<string>? QueryCommand { get; init; }

    /// <summary>Where notices of sweeps go; null tells nobody.</summary>
    public WebhookOptions? Webhook { get; init; }

    /// <summary>Names with a dot under which browsers may reach the head, beside the ones that it has anyway; see
    /// <c>Http.HostNames</c>.</summary>
    public ImmutableArray<string> AllowedHosts { get; init; } = [];
}

/// <param name="Url">Is sent a POST with JSON for every notice.</param>
/// <param name="FailureRate">Share of ended trials that failed, above which a sweep is told of.</param>
public sealed record WebhookOptions(Uri Url, double FailureRate);
