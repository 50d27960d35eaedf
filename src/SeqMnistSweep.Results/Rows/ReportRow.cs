namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>reports</c>.</summary>
public sealed record ReportRow
{
    public required string Trial { get; init; }

    public required long Epoch { get; init; }

    public required long Attempt { get; init; }

    public double? TrainLoss { get; init; }

    public double? TrainAccuracy { get; init; }

    public double? ValLoss { get; init; }

    public double? ValAccuracy { get; init; }

    public double? TestLoss { get; init; }

    public double? TestAccuracy { get; init; }

    public double? EpochSeconds { get; init; }

    /// <summary>A JSON object with all metrics; NaN and the infinities are text in it.</summary>
    public required string Metrics { get; init; }

    public required string Time { get; init; }
}

/// <summary>A row of the view <c>checkpoints</c>.</summary>
public sealed record CheckpointRow
{
    public required string Trial { get; init; }

    public required long Epoch { get; init; }

    public required long Batch { get; init; }

    public required string Digest { get; init; }

    public required long Bytes { get; init; }

    public required long Attempt { get; init; }

    public required string Time { get; init; }
}
