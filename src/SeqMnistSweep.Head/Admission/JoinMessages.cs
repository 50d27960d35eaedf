
namespace SeqMnistSweep.Head.Admission;

/// <summary>Body of <c>POST /api/v1/join</c>.</summary>
/// <param name="Name">The worker's.</param>
/// <param name="Request">PKCS#10 in PEM, of the key that the certificate is for.</param>
public sealed record JoinRequest(string? Name, string Request);

/// <summary>Body of <c>POST /api/v1/join/renew</c> and <c>POST /api/v1/certificate</c>.</summary>
/// <param name="Request">PKCS#10 in PEM, of the key that the next certificate is for.</param>
public sealed record RenewRequest(string Request);

/// <summary>A certificate for a client of the gateway.</summary>
/// <param name="Certificate">PEM.</param>
/// <param name="Ca">The cluster's authority in PEM.</param>
public sealed record CertificateAnswer(string Certificate, string Ca);

/// <summary>What a worker gets that is let in.</summary>
/// <param name="Certificate">PEM.</param>
/// <param name="Ca">The cluster's authority in PEM.</param>
/// <param name="WorkerKey">To be shown with every call, and to nobody else.</param>
public sealed record JoinAnswer(string Certificate, string Ca, string WorkerKey);

/// <summary>Body of <c>POST /api/v1/join-lines</c>.</summary>
/// <param name="ForSeconds">How long the line holds; half an hour when absent.</param>
public sealed record JoinLineRequest(double? ForSeconds);

/// <summary>A new join line.</summary>
/// <param name="Line">A secret.</param>
public sealed record JoinLineAnswer(string Line, DateTimeOffset Ends);

/// <summary>Why somebody is not let in.</summary>
public enum JoinRefusal
{
    /// <summary>The secret or key is none of this head's.</summary>
    Unknown,

    /// <summary>The join line has ended.</summary>
    LineEnded,

    /// <summary>The certificate has ended.</summary>
    Ended,

    /// <summary>The certificate was revoked.</summary>
    Revoked,

    /// <summary>The name cannot stand in a certificate.</summary>
    Name,

    /// <summary>What was sent is no certificate request.</summary>
    Request,
}

/// <summary>Somebody is not let in.</summary>
/// <param name="about">The name or the trouble; empty where there is nothing to say.</param>
public sealed class JoinRefusedException(JoinRefusal refusal, string about) : Exception(refusal switch
{
    JoinRefusal.Unknown => "this head knows no such join line or worker key",
    JoinRefusal.LineEnded => "the join line has ended; print another one with: seqsweep join-line",
    JoinRefusal.Ended => $"the certificate of worker {about} has ended; it must join anew",
    JoinRefusal.Revoked => $"worker {about} was revoked",
    JoinRefusal.Name => $"'{about}' cannot be the name of a worker; one has {CredentialName.Accepted}",
    _ => about,
})
{
    public JoinRefusal Refusal => refusal;
}
