namespace SeqMnistSweep.Head.Webhooks;

/// <summary>What a webhook is sent.</summary>
/// <param name="Kind"><c>finished</c>, <c>new_best</c> or <c>failing</c>.</param>
/// <param name="Text">The same as a sentence, which chats show.</param>
/// <param name="Trial">Its id, of a new best.</param>
/// <param name="Value">Of the sweep's metric: the new best, or the best when it ended.</param>
public sealed record Notice(
    string Kind, string Text, string Sweep, string State, string? Trial, string Metric, double? Value, long Completed, long Failed,
    DateTimeOffset Time);
