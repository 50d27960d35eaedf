namespace SeqMnistSweep.Datasets;

/// <summary>The bytes of one file so far; <see cref="Total"/> is null when the mirror does not say.</summary>
public sealed record DownloadProgress(string File, long Bytes, long? Total, Uri Source);

/// <summary>How patient a download is.</summary>
public sealed record DownloadOptions
{
    /// <summary>How long a mirror may send nothing, before its answer or within it.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often one mirror is tried per file when it stalls, breaks off or is overloaded.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>The wait before the second attempt; it doubles for each further one.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);
}
