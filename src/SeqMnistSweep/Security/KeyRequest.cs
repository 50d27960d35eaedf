using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SeqMnistSweep.Security;

/// <summary>A new key whose public half travels as a PKCS#10 request; the key itself never leaves this process.</summary>
public sealed class KeyRequest : IDisposable
{
    /// <summary>In characters; one of ours has about 400.</summary>
    public const int MaxLength = 4096;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The request: what is asked for stands beside it, so its subject is empty.</summary>
    public string ToPem() => new CertificateRequest("", _key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    /// <summary>The answer with the key that it belongs to.</summary>
    /// <exception cref="CryptographicException">It is no certificate, or of another key.</exception>
    public X509Certificate2 With(string certificatePem)
    {
        using var certificate = X509Certificate2.CreateFromPem(certificatePem);
        using var complete = certificate.CopyWithPrivateKey(_key);
        return ClusterCertificate.Reloaded(complete);
    }

    /// <summary>The public key of a request whose sender has shown that it holds the private one.</summary>
    /// <exception cref="FormatException">It is no such request.</exception>
    public static PublicKey Read(string pem)
    {
        try
        {
            var key = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256).PublicKey;
            using var elliptic = key.GetECDsaPublicKey();
            return elliptic is { KeySize: 256 } ? key : throw new FormatException("the key must be one of ECDSA P-256");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new FormatException($"that is no certificate request in PEM: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
