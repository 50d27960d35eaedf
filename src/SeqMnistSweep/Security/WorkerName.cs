namespace SeqMnistSweep.Security;

/// <summary>Names of workers: they stand in certificates and logs, and name folders.</summary>
public static class WorkerName
{
    /// <summary>Begins the name of who asks for trials in place of a worker.</summary>
    private const string OfAskers = "ask:";

    /// <summary>The worker's name of a client that asks for trials.</summary>
    public static string OfAsker(string client) => OfAskers + client;

    /// <summary>The client, where that is a name of <see cref="OfAsker"/>; null for a worker's.</summary>
    public static string? AskerOf(string name) =>
        name.StartsWith(OfAskers, StringComparison.Ordinal) ? name[OfAskers.Length..] : null;

    /// <summary>Whether it can be a worker's.</summary>
    public static bool IsValid(string? text) =>
        text is not null && CredentialName.IsValid(text) && !text.StartsWith(OfAskers, StringComparison.Ordinal);
}
