using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Client;

/// <summary>What opens the gateway of a head: a client's certificate, and the authority that the head must be of.</summary>
internal sealed record GatewayPass(X509Certificate2 Certificate, X509Certificate2 Authority)
{
    /// <summary>From the file of this account's own head, else the head gives one to those who may steer it.</summary>
    /// <exception cref="CommandError">The head refuses.</exception>
    public static async Task<GatewayPass> FindAsync(HeadContact head, CancellationToken cancellation)
    {
        try
        {
            return HeadCredential.OwnHead(head.Address, head.Variable) is { } file
                ? new GatewayPass(
                    ClusterCertificate.WithKey(file.ClientCertificate, file.ClientCertificate), X509Certificate2.CreateFromPem(file.Ca))
                : await AskAsync(head, cancellation);
        }
        catch (CryptographicException error)
        {
            throw new HeadUnreachable(head.Address, $"its certificate for clients is unusable: {error.Message}");
        }
    }

    private static Task<GatewayPass> AskAsync(HeadContact head, CancellationToken cancellation) =>
        HeadHttp.CallAsync(head.Address, HeadHttp.Patience, null, async limit =>
        {
            using var request = new KeyRequest();
            using var answer = await head.Http.PostAsJsonAsync(
                new Uri(head.Address, "api/v1/certificate"), new RenewRequest(request.ToPem()), ResultJson.Options, limit);
            if (!answer.IsSuccessStatusCode)
            {
                var error = await HeadHttp.ErrorAsync(answer, limit);
                throw new CommandError(
                    ExitCodes.NotAllowed, error?.Message ?? $"the head answers {(int)answer.StatusCode} instead of a certificate",
                    error?.Hint);
            }

            var given = (await answer.Content.ReadFromJsonAsync<CertificateAnswer>(ResultJson.Options, limit))!;
            return new GatewayPass(request.With(given.Certificate), X509Certificate2.CreateFromPem(given.Ca));
        }, cancellation);
}

/// <summary>A head as a command speaks to it.</summary>
/// <param name="Variable">Reads the environment.</param>
internal sealed record HeadContact(Uri Address, HttpClient Http, Func<string, string?> Variable);
