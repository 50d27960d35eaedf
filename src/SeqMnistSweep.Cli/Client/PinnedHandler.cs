using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Cli.Hosting.Tls;

namespace SeqMnistSweep.Cli.Client;

/// <summary>HTTP to heads: one that speaks HTTPS must show a certificate that its cluster's authority gave to a head, or one that this
/// machine trusts anyway.</summary>
/// <param name="authority">The authority of the head at an address; null where none is known. Asked at every handshake.</param>
internal sealed class PinnedHandler(Func<Uri, X509Certificate2?> authority, TimeSpan connectTimeout) : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _byHead = new(StringComparer.OrdinalIgnoreCase);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _byHead.GetOrAdd(request.RequestUri!.GetLeftPart(UriPartial.Authority), head => Invoker(new Uri(head)))
            .SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        foreach (var invoker in _byHead.Values)
        {
            invoker.Dispose();
        }

        base.Dispose(disposing);
    }

    private HttpMessageInvoker Invoker(Uri head)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = connectTimeout,
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null, // no command is part of a trace
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            HeadTrust.IsTrusted(certificate, errors, authority(head)) ? true : throw new HeadUnreachable(
                head, "nothing that this account knows vouches for what answers there", "an invite of its admin does: seqsweep login");
        return new HttpMessageInvoker(handler);
    }
}
