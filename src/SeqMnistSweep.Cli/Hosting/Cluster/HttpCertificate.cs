using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary><c>--tls-cert</c> and <c>--tls-key</c>: a certificate that browsers trust, in place of the cluster's own.</summary>
internal static class HttpCertificate
{
    /// <returns>Null where none is named.</returns>
    /// <exception cref="CommandError">It cannot be read, or one of the two is missing.</exception>
    public static X509Certificate2? Read(string? certificate, string? key)
    {
        if (certificate is null && key is null) return null;

        if (certificate is null || key is null)
        {
            throw new CommandError(ExitCodes.Usage, "--tls-cert and --tls-key belong together", "name both files, in PEM");
        }

        try
        {
            using var read = X509Certificate2.CreateFromPemFile(certificate, key);
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandError(ExitCodes.NotFound, $"the certificate for HTTPS cannot be used: {error.Message}");
        }
    }
}
