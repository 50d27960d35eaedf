using Dapper;

namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>reports</c>.</summary>
/// <param name="Trial"><c>SWEEP/NUMBER</c>.</param>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Attempt">The attempt that reported it, counted from 1.</param>
/// <param name="TrainLoss">Mean loss over the training images; null where it was not reported or is not finite.</param>
/// <param name="TrainAccuracy">A fraction, 0 to 1; null where it was not reported.</param>
/// <param name="ValLoss">Mean loss over the validation images.</param>
/// <param name="ValAccuracy">A fraction, 0 to 1.</param>
/// <param name="TestLoss">Mean loss over the test images.</param>
/// <param name="TestAccuracy">A fraction, 0 to 1.</param>
/// <param name="EpochSeconds">How long the epoch took.</param>
/// <param name="Metrics">A JSON object with all metrics; NaN and the infinities are text in it.</param>
/// <param name="Time">When it was stored: ISO 8601, UTC, with milliseconds.</param>
[method: ExplicitConstructor]
public sealed record ReportRow(
    string Trial, long Epoch, long Attempt, double? TrainLoss, double? TrainAccuracy, double? ValLoss, double? ValAccuracy,
    double? TestLoss, double? TestAccuracy, double? EpochSeconds, string Metrics, string Time);

/// <summary>A row of the view <c>steps</c>.</summary>
/// <param name="Step">0 or more, as the program counts.</param>
/// <param name="Attempt">Counted from 1.</param>
/// <param name="Metrics">Every metric, as JSON.</param>
/// <param name="Time">UTC.</param>
public sealed record StepRow(long Step, long Attempt, string Metrics, string Time);

/// <summary>A row of the view <c>superseded_reports</c>.</summary>
/// <param name="Attempt">The attempt that reported it, counted from 1.</param>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Metrics">A JSON object with all metrics; NaN and the infinities are text in it.</param>
/// <param name="Time">When it was stored: ISO 8601, UTC, with milliseconds.</param>
[method: ExplicitConstructor]
public sealed record SupersededReportRow(long Attempt, long Epoch, string Metrics, string Time);

/// <summary>A row of the view <c>checkpoints</c>.</summary>
/// <param name="Trial"><c>SWEEP/NUMBER</c>.</param>
/// <param name="Epoch">The last whole epoch in it, counted from 1; 0 for none.</param>
/// <param name="Batch">Batches of the epoch after that; 0 at the end of an epoch.</param>
/// <param name="Digest">SHA-256 of the file, in lower-case hexadecimal.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Attempt">The attempt that wrote it, counted from 1.</param>
/// <param name="Time">When it was stored: ISO 8601, UTC, with milliseconds.</param>
/// <param name="Name">What the program calls it: <c>last.pt</c>, or <c>checkpoint-500/</c> for a folder; null for one of <c>tcn</c>.</param>
[method: ExplicitConstructor]
public sealed record CheckpointRow(
    string Trial, long Epoch, long Batch, string Digest, long Bytes, long Attempt, string Time, string? Name);
