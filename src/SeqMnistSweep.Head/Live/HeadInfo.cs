namespace SeqMnistSweep.Head.Live;

/// <summary>What a head says of itself and where it can be reached; addresses with their ports.</summary>
/// <param name="Http">API, health and files: <c>http://10.0.0.1:8080</c>.</param>
/// <param name="Silo">For workers; null where none can join.</param>
/// <param name="Gateway">For clients; null where they speak HTTP alone.</param>
/// <param name="Membership"><c>head</c>, or the connection string of an outside table.</param>
/// <param name="HeadEpoch">How many times a head has started on its database.</param>
/// <param name="Time">The head's clock.</param>
/// <param name="Insecure">Whether the network is trusted: nothing but the gateway is encrypted, and nobody is asked who they are.</param>
public sealed record HeadInfo(
    string Version, int Protocol, string ClusterId, string ServiceId, string Http, string? Silo, string? Gateway, string Membership,
    long HeadEpoch, DateTimeOffset Time, int Pid, bool Insecure = false);
