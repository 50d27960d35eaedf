namespace SeqMnistSweep.Cli.Hosting;

/// <summary>What <c>seqsweep run</c> was told.</summary>
internal sealed record RunOptions
{
    public required string File { get; init; }

    /// <summary>The database; checkpoints and logs lie beside it.</summary>
    public required string Database { get; init; }

    public string? DataFolder { get; init; }

    public string? Libtorch { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Trials at the same time; null for one per core and <c>resources.threads</c> on a CPU, one on a GPU.</summary>
    public int? Parallel { get; init; }

    /// <summary>Start another sweep even if one with this content is there.</summary>
    public bool New { get; init; }

    /// <summary>Ids of the sweeps whose results the search begins with.</summary>
    public ImmutableArray<string> Priors { get; init; } = [];

    public string Folder => Path.GetDirectoryName(Path.GetFullPath(Database))!;
}
