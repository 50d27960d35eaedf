using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Head.Admission;

/// <summary>What a head is known by: the cluster's authority and its own certificate.</summary>
/// <param name="authority">Is disposed with this.</param>
/// <param name="hosts">Names and addresses by which browsers know the head.</param>
public sealed class HeadIdentity(
    ClusterAuthority authority, CertificateLives lives, IReadOnlyCollection<string> hosts, TimeProvider time) : IDisposable
{
    /// <summary>The folder beside the database that keeps the authority.</summary>
    public const string Folder = "pki";

    private readonly Lock _gate = new();
    private X509Certificate2? _certificate;
    private DateTimeOffset _renewal;

    public ClusterAuthority Authority => authority;

    public CertificateLives Lives => lives;

    /// <summary>The head's own. Asked at every handshake, and made anew at half its life.</summary>
    public X509Certificate2 Certificate
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                if (_certificate is null || now >= _renewal)
                {
                    // The one before is not disposed: handshakes may still use it.
                    _certificate = authority.Issue(CertificateRole.Head, "head", lives.Head, now, hosts);
                    _renewal = ClusterCertificate.RenewalOf(_certificate, now);
                }

                return _certificate;
            }
        }
    }

    /// <summary>The authority that the folder of a database keeps; a new one at the first start.</summary>
    /// <exception cref="DatabaseException">It cannot be used.</exception>
    public static HeadIdentity Open(string stateFolder, CertificateLives lives, IReadOnlyCollection<string> hosts, TimeProvider time)
    {
        var folder = Path.Combine(stateFolder, Folder);
        try
        {
            return new HeadIdentity(ClusterAuthority.Open(folder, time.GetUtcNow()), lives, hosts, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DatabaseException(
                $"the cluster's authority in {folder} cannot be used: {error.Message}",
                "give it back to this account, or move it away: then every worker and client joins anew", error);
        }
    }

    /// <summary>A certificate for a client of the gateway, with its key.</summary>
    public X509Certificate2 IssueClient(CertificateRole role, string name) => authority.Issue(role, name, lives.Client, time.GetUtcNow());

    /// <summary>For a client that keeps its key.</summary>
    public X509Certificate2 SignClient(PublicKey key, CertificateRole role, string name) =>
        authority.Sign(key, role, name, lives.Client, time.GetUtcNow());

    public void Dispose() => authority.Dispose();
}

/// <summary>How long certificates hold; each is renewed at half of it.</summary>
public sealed record CertificateLives(TimeSpan Head, TimeSpan Client, TimeSpan Worker)
{
    public static readonly CertificateLives Usual = new(TimeSpan.FromDays(30), TimeSpan.FromDays(30), TimeSpan.FromHours(24));
}
