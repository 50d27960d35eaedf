using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SeqMnistSweep.Head.Access;

namespace SeqMnistSweep.Head.Http;

/// <summary>Tells by <c>Authorization: Bearer TOKEN</c> who calls.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> settings, ILoggerFactory loggers, UrlEncoder encoder, Credentials credentials,
    HeadOptions head) : AuthenticationHandler<AuthenticationSchemeOptions>(settings, loggers, encoder)
{
    public const string Name = "token";

    private const string Bearer = "Bearer ";

    /// <summary>The token that a request shows; null where it shows none.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } shown && shown.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? shown[Bearer.Length..].Trim()
            : null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = TokenOf(Request);
        var caller = token is null ? null : credentials.Find(token);
        if (head.Insecure)
        {
            caller ??= new Caller($"http@{Context.Connection.RemoteIpAddress}", Role.Admin, "none");
        }

        return Task.FromResult(
            caller is null
                ? AuthenticateResult.NoResult()
                : AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(Scheme.Name), Scheme.Name)));
    }
}
