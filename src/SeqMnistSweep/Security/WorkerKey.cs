namespace SeqMnistSweep.Security;

/// <summary>What a worker shows with every call to the head's grains, beside its certificate: a certificate is looked at once per
/// connection, and any holder of one could call itself by another's name.</summary>
public static class WorkerKey
{
    /// <summary>Its name in the context of a request.</summary>
    public const string Name = "seqsweep.worker_key";
}
