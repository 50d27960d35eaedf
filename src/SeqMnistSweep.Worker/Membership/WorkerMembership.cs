using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Worker.Membership;

/// <summary>Joins the cluster whose membership a head keeps.</summary>
public static class WorkerMembership
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="head">The head's HTTP address, <c>http://127.0.0.1:8080</c>. It need not answer yet.</param>
    /// <param name="token">What is shown to the head with every request; null, or an answer of null, shows nothing.</param>
    /// <param name="tls">How an HTTPS head is known; null for what this machine trusts.</param>
    public static ISiloBuilder UseHeadMembership(
        this ISiloBuilder silo, Uri head, Func<Uri, string?>? token = null, SslClientAuthenticationOptions? tls = null)
    {
        silo.Services.AddSingleton<IMembershipTable>(provider => new HttpMembershipTable(
            Client(head, token, tls), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HttpMembershipTable>>()));
        return silo;
    }

    internal static HttpClient Client(
        Uri head, Func<Uri, string?>? token = null, SslClientAuthenticationOptions? tls = null) => new(new BearerHandler(
        token ?? (_ => null),
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = tls ?? new SslClientAuthenticationOptions(),
            ConnectTimeout = Patience,
            // A head that moved is found under its name again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        }))
    {
        BaseAddress = head.AbsoluteUri.EndsWith('/') ? head : new Uri(head.AbsoluteUri + "/"),
        Timeout = Patience,
        MaxResponseContentBufferSize = 16 << 20,
    };
}

/// <summary>The head did not do what it was asked. The message names address and reason; trying again later may help.</summary>
public sealed class HeadUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
