using System.Net;

namespace SeqMnistSweep.Head.Http;

/// <summary>Where others reach this head. The host registers it before anything asks.</summary>
/// <param name="Http">Address of API, health and files: <c>http://10.0.0.1:8080</c>.</param>
/// <param name="Silo">For workers; null where none can join.</param>
/// <param name="Gateway">For clients; null where they speak HTTP alone.</param>
/// <param name="Membership"><c>head</c>, or the connection string of an outside table.</param>
public sealed record HeadAddresses(Uri Http, IPEndPoint? Silo, IPEndPoint? Gateway, string Membership)
{
    /// <summary>Grows when a client or worker of an older program can no longer talk to a head.</summary>
    public const int Protocol = 2;

    public const string ClusterId = "seqsweep";

    public const string ServiceId = "seqsweep";
}
