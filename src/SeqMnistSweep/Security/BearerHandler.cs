using System.Net.Http.Headers;

namespace SeqMnistSweep.Security;

/// <summary>Shows a token with every request of an HTTP client.</summary>
/// <param name="token">Asked for each request, since a head that was started again takes another one; null shows none.</param>
/// <param name="inner">Sends the request.</param>
public sealed class BearerHandler(Func<Uri, string?> token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } address && token(address) is { } shown)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shown);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
