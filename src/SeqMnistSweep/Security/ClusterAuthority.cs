using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Security;

/// <summary>The certificate authority of one cluster: its key lies with the head and signs who is what.</summary>
public sealed class ClusterAuthority : IDisposable
{
    /// <summary>The name that every certificate bears and every client asks for; who somebody is says the subject.</summary>
    public const string HostName = "seqsweep-cluster";

    private const string FileName = "ca.pem";

    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);

    /// <summary>Certificates hold from before they were made: clocks of a cluster differ.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _signer;

    private ClusterAuthority(X509Certificate2 signer)
    {
        _signer = signer;
        Certificate = X509CertificateLoader.LoadCertificate(signer.RawDataMemory.Span);
    }

    /// <summary>What others trust; without the key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <inheritdoc cref="ClusterCertificate.PinOf"/>
    public string Pin => ClusterCertificate.PinOf(Certificate);

    /// <summary>A new authority that is kept nowhere.</summary>
    public static ClusterAuthority Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName($"seqsweep {RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return new ClusterAuthority(request.CreateSelfSigned(now - ClockDifference, now + Life));
    }

    /// <summary>The authority that a folder keeps; a new one where it keeps none.</summary>
    /// <param name="folder">Is closed to other accounts.</param>
    /// <exception cref="CryptographicException">What is there is no authority.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another account.</exception>
    public static ClusterAuthority Open(string folder, DateTimeOffset now)
    {
        PrivateFile.CreateFolder(folder);
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            var content = PrivateFile.TryRead(path)
                ?? throw new UnauthorizedAccessException($"{path} must be this account's, and no other may write it");
            var text = Encoding.UTF8.GetString(content);
            return new ClusterAuthority(ClusterCertificate.WithKey(text, text));
        }

        var authority = Create(now);
        PrivateFile.Write(path, Encoding.UTF8.GetBytes(ClusterCertificate.ToPem(authority._signer)));
        return authority;
    }

    /// <summary>Certifies a key.</summary>
    /// <param name="name">As <see cref="CredentialName.IsValid"/> demands.</param>
    /// <param name="hosts">Names and addresses by which browsers know the holder.</param>
    /// <exception cref="ArgumentException">No such name may stand in a certificate.</exception>
    public X509Certificate2 Sign(
        PublicKey key, CertificateRole role, string name, TimeSpan life, DateTimeOffset now, params IReadOnlyCollection<string> hosts)
    {
        if (!CredentialName.IsValid(name))
        {
            throw new ArgumentException($"'{name}' cannot be a name in a certificate; one has {CredentialName.Accepted}", nameof(name));
        }

        // Never from a text: a name with a comma in it would bring a second role.
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationalUnitName(ClusterCertificate.NameOf(role));
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));

        // Server and client: silos are both.
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], true));
        request.CertificateExtensions.Add(AlternativeNames([HostName, .. hosts]));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        return request.Create(_signer, now - ClockDifference, now + life, RandomNumberGenerator.GetBytes(16));
    }

    /// <summary>A new key with its certificate, ready for TLS.</summary>
    /// <inheritdoc cref="Sign"/>
    public X509Certificate2 Issue(
        CertificateRole role, string name, TimeSpan life, DateTimeOffset now, params IReadOnlyCollection<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
        using var certificate = Sign(request.PublicKey, role, name, life, now, hosts);
        using var complete = certificate.CopyWithPrivateKey(key);
        return ClusterCertificate.Reloaded(complete);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _signer.Dispose();
        Certificate.Dispose();
    }

    private static X509Extension AlternativeNames(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }
}
