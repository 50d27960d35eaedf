using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SeqMnistSweep.Security;

/// <summary>Reads certificates of a cluster's authority.</summary>
public static class ClusterCertificate
{
    private const string OrganizationalUnit = "2.5.4.11";
    private const string CommonName = "2.5.4.3";

    /// <summary>Whether a certificate is valid now, comes from the authority and has one of the roles.</summary>
    /// <param name="certificate">Null, as of a peer that sent none, never is.</param>
    public static bool IsOf(X509Certificate2? certificate, X509Certificate2 authority, params ReadOnlySpan<CertificateRole> roles) =>
        certificate is not null && ComesFrom(certificate, authority) && RoleOf(certificate) is { } role && roles.Contains(role);

    /// <summary>The role, where the subject has exactly one organizational unit and it is a role's name.</summary>
    public static CertificateRole? RoleOf(X509Certificate2 certificate)
    {
        var text = OnlyOne(certificate, OrganizationalUnit);
        foreach (var role in Enum.GetValues<CertificateRole>())
        {
            if (text == NameOf(role)) return role;
        }

        return null;
    }

    /// <summary>The holder's name; null where the subject has none or several.</summary>
    public static string? NameOf(X509Certificate2 certificate) => OnlyOne(certificate, CommonName);

    /// <summary>A role as it stands in a certificate.</summary>
    public static string NameOf(CertificateRole role) => role switch
    {
        CertificateRole.Head => "head",
        CertificateRole.Worker => "worker",
        CertificateRole.Operator => "operator",
        _ => "admin",
    };

    /// <summary>SHA-256 of the certificate, by which an authority is known: 64 lower-case hexadecimal digits.</summary>
    public static string PinOf(X509Certificate2 certificate) => Files.Digest.Of(certificate.RawDataMemory.Span);

    /// <summary>With its key, fit for TLS.</summary>
    /// <param name="pem">The certificate; then its key.</param>
    /// <exception cref="CryptographicException">It is none, or the key is another's.</exception>
    public static X509Certificate2 WithKey(string pem, string keyPem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem, keyPem);
        return Reloaded(certificate);
    }

    /// <summary>The certificate and its key in one text.</summary>
    /// <exception cref="CryptographicException">It has no ECDSA key that can be exported.</exception>
    public static string ToPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new CryptographicException("the certificate has no ECDSA key");
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    /// <summary>A copy that is fit for TLS: a key that lives in memory alone is refused by the TLS of Windows and macOS.</summary>
    internal static X509Certificate2 Reloaded(X509Certificate2 certificate) => OperatingSystem.IsLinux()
        ? new X509Certificate2(certificate)
        : X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);

    /// <summary>When half of what was left at <paramref name="obtained"/> is over: the time to renew it.</summary>
    public static DateTimeOffset RenewalOf(X509Certificate2 certificate, DateTimeOffset obtained) =>
        obtained + ((certificate.NotAfter.ToUniversalTime() - obtained) / 2);

    private static bool ComesFrom(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        try
        {
            return chain.Build(certificate);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    private static string? OnlyOne(X509Certificate2 certificate, string type)
    {
        var parts = certificate.SubjectName.EnumerateRelativeDistinguishedNames().ToList();
        return parts.All(part => !part.HasMultipleElements)
            && parts.Where(part => part.GetSingleElementType().Value == type).ToList() is [var only]
                ? only.GetSingleElementValue()
                : null;
    }
}
