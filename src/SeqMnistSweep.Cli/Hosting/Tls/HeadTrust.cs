using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Tls;

/// <summary>Which HTTPS servers are taken for a head.</summary>
internal static class HeadTrust
{
    /// <summary>One whose certificate its cluster's authority gave to a head, whatever it is called here, or one that this machine trusts
    /// anyway.</summary>
    /// <param name="authority">Null where none is known.</param>
    public static bool IsTrusted(X509Certificate? shown, SslPolicyErrors errors, X509Certificate2? authority) =>
        errors == SslPolicyErrors.None
        || (authority is not null && shown is X509Certificate2 certificate
            && ClusterCertificate.IsOf(certificate, authority, CertificateRole.Head));
}
