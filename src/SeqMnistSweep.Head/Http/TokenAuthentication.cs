using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;

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
            caller is not null ? Success(caller.ToPrincipal(Scheme.Name))
            : WorkerOf() is { } worker ? Success(worker)
            : AuthenticateResult.NoResult());
    }

    private AuthenticateResult Success(ClaimsPrincipal principal) =>
        AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));

    /// <summary>A worker shows its key.</summary>
    private ClaimsPrincipal? WorkerOf()
    {
        try
        {
            return JoinEndpoints.WorkerOf(Context) is { } worker
                ? new ClaimsPrincipal(new ClaimsIdentity(
                    [new(Caller.NameClaim, worker.Name), new(Caller.RoleClaim, AccessPolicies.WorkerRole)], Scheme.Name,
                    Caller.NameClaim, Caller.RoleClaim))
                : null;
        }
        catch (JoinRefusedException)
        {
            return null;
        }
    }
}
