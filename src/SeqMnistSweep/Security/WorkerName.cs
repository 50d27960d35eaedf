namespace SeqMnistSweep.Security;

/// <summary>Names of workers: they stand in certificates and logs, and name folders.</summary>
public static class WorkerName
{
    /// <summary>Begins the name of who asks for trials in place of a worker.</summary>
    private const string OfAskers = "ask:";

    /// <summary>Whether it can be a worker's.</summary>
    public static bool IsValid(string? text) =>
        text is not null && CredentialName.IsValid(text) && !text.StartsWith(OfAskers, StringComparison.Ordinal);
}
