using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Tls;

/// <summary>What a worker has of its head: a certificate for its connections and a key that it shows with every call. Both change when they
/// are renewed, and whoever uses them asks each time.</summary>
internal sealed class WorkerPass(Uri head, X509Certificate2 authority)
{
    private volatile Held? _held;

    /// <summary>The head's HTTP address.</summary>
    public Uri Head => head;

    public X509Certificate2 Authority => authority;

    /// <summary>Asked when a connection is made.</summary>
    public X509Certificate2 Certificate => Now.Certificate;

    public string Key => Now.Key;

    /// <summary>How long the certificate holds that was given last.</summary>
    public TimeSpan Life => Now.Life;

    private Held Now => _held ?? throw new InvalidOperationException("the worker has not joined");

    /// <summary>Takes what the head has given.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It is no certificate of this key.</exception>
    public void Take(KeyRequest request, JoinAnswer answer, DateTimeOffset now)
    {
        var certificate = request.With(answer.Certificate);
        _held = new Held(certificate, answer.WorkerKey, certificate.NotAfter.ToUniversalTime() - now);
    }

    /// <summary>For HTTP to the head: it must be a head of the cluster, and sees who asks.</summary>
    public SslClientAuthenticationOptions Tls() => new()
    {
        RemoteCertificateValidationCallback = (_, shown, _, errors) => HeadTrust.IsTrusted(shown, errors, authority),
        LocalCertificateSelectionCallback = (_, _, _, _, _) => _held?.Certificate!,
    };

    private sealed record Held(X509Certificate2 Certificate, string Key, TimeSpan Life);
}
