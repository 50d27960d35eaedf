namespace SeqMnistSweep.Head.Storage;

/// <param name="Url">Is sent a POST with JSON for every notice.</param>
/// <param name="FailureRate">Share of ended trials that failed, above which a sweep is told of.</param>
public sealed record WebhookOptions(Uri Url, double FailureRate);
