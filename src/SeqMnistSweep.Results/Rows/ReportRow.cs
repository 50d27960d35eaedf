namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>reports</c>.</summary>
public sealed record ReportRow
{
    /// <summary><c>SWEEP/NUMBER</c>.</summary>
    public required string Trial { get; init; }

    /// <summary>Counted from 1.</summary>
    public required long Epoch { get; init; }

    /// <summary>The attempt that reported it, counted from 1.</summary>
    public required long Attempt { get; init; }

    /// <summary>Mean loss over the training images; null where it was not reported or is not finite.</summary>
    public double? TrainLoss { get; init; }

    /// <summary>A fraction, 0 to 1; null where it was not reported.</summary>
    public double? TrainAccuracy { get; init; }

    /// <summary>Mean loss over the validation images.</summary>
    public double? ValLoss { get; init; }

    /// <summary>A fraction, 0 to 1.</summary>
    public double? ValAccuracy { get; init; }

    /// <summary>Mean loss over the test images.</summary>
    public double? TestLoss { get; init; }

    /// <summary>A fraction, 0 to 1.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>How long the epoch took.</summary>
    public double? EpochSeconds { get; init; }

    /// <summary>A JSON object with all metrics; NaN and the infinities are text in it.</summary>
    public required string Metrics { get; init; }

    /// <summary>When it was stored: ISO 8601, UTC, with milliseconds.</summary>
    public required string Time { get; init; }
}

/// <summary>A row of the view <c>checkpoints</c>.</summary>
public sealed record CheckpointRow
{
    /// <summary><c>SWEEP/NUMBER</c>.</summary>
    public required string Trial { get; init; }

    /// <summary>The last whole epoch in it, counted from 1; 0 for none.</summary>
    public required long Epoch { get; init; }

    /// <summary>Batches of the epoch after that; 0 at the end of an epoch.</summary>
    public required long Batch { get; init; }

    /// <summary>SHA-256 of the file, in lower-case hexadecimal.</summary>
    public required string Digest { get; init; }

    /// <summary>The file's size.</summary>
    public required long Bytes { get; init; }

    /// <summary>The attempt that wrote it, counted from 1.</summary>
    public required long Attempt { get; init; }

    /// <summary>When it was stored: ISO 8601, UTC, with milliseconds.</summary>
    public required string Time { get; init; }
}
