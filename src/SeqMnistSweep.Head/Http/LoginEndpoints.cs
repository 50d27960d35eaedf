using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results.Access;

namespace SeqMnistSweep.Head.Http;

/// <param name="Code">As <c>POST login/code</c> gave it.</param>
public sealed record LoginRequest(string? Code);

/// <param name="Code">Lets one browser in, once.</param>
/// <param name="ExpiresIn">Seconds.</param>
public sealed record LoginCode(string Code, double ExpiresIn);

/// <summary>Who asks, as the head knows them.</summary>
/// <param name="Head">The account that the head runs as.</param>
/// <param name="Insecure">Whether the head lets everybody in, in clear.</param>
public sealed record CallerInfo(string Name, Role Role, string Head, bool Insecure, Served Serves = Served.Head);

/// <summary>What the pages are of.</summary>
public enum Served
{
    Head,

    /// <summary>One sweep that is run here and now.</summary>
    Run,

    /// <summary>A database that is only read.</summary>
    Database,
}

/// <summary><c>/api/v1/login</c>: a browser shows the code of its link and gets a cookie.</summary>
internal static class LoginEndpoints
{
    private const long MaxBytes = 1 << 10;

    public static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapApi("Access").MapPost("/login", LoginAsync).AllowAnonymous().WithBodyLimit(MaxBytes)
            .WithSummary("Takes the code of a sign-in link, gives a cookie");
        var known = routes.GroupFor(Role.Viewer).MapApi("Access");
        known.MapPost("/login/code", (HttpContext http, LoginCodes codes) =>
            new LoginCode(codes.Create(Caller.Of(http.User)!), LoginCodes.Life.TotalSeconds))
            .WithSummary("The code of a sign-in link, for a browser of whoever asks");
        known.MapPost("/logout", (HttpContext http) => http.SignOutAsync(CookieAccess.Name)).WithSummary("Takes the cookie back");
        known.MapGet("/me", (HttpContext http, HeadOptions head, HeadStore store) => CallerInfoOf(Caller.Of(http.User)!, head, store))
            .WithSummary("Who asks, as the head knows them");
    }

    private static CallerInfo CallerInfoOf(Caller caller, HeadOptions head, HeadStore store) => new(
        caller.Name, caller.Role, Credentials.Account, head.Insecure,
        !store.IsWritable ? Served.Database : head.OnlySweep is not null ? Served.Run : Served.Head);

    /// <summary>What is right is never held up: who guesses wrongly can lock nobody out.</summary>
    private static async Task<IResult> LoginAsync(
        LoginRequest body, HttpContext http, LoginCodes codes, WrongLogins wrong, Audit audit, HeadOptions head, HeadStore store)
    {
        if (body.Code is { } code && codes.Take(code) is { } caller)
        {
            var kept = new AuthenticationProperties { IsPersistent = true };
            await http.SignInAsync(CookieAccess.Name, caller.ToPrincipal(CookieAccess.Name), kept);
            audit.Note(new AuditEntry(
                caller.Name, caller.Role.ToName(), $"{http.Connection.RemoteIpAddress}", "sign in", "browser", Audit.Done));
            return TypedResults.Ok(CallerInfoOf(caller, head, store));
        }

        var refusal = wrong.MayTryAgain(http)
            ? new ApiError(StatusCodes.Status401Unauthorized, new ErrorBody(
                "unauthenticated", "that link was used already, is older than ten minutes or is none of this head's",
                "a new one: seqsweep open"))
            : new ApiError(StatusCodes.Status429TooManyRequests, new ErrorBody(
                "too_many", "too many wrong sign-ins from this address", "wait a minute, then: seqsweep open"));
        audit.NoteRefusal(http, refusal);
        return refusal.ToResult();
    }
}

/// <summary>How often an address has shown what is none.</summary>
internal sealed class WrongLogins : IDisposable
{
    private const int PerMinute = 5;

    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetFixedWindowLimiter($"{http.Connection.RemoteIpAddress}", _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = PerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    public bool MayTryAgain(HttpContext http)
    {
        using var lease = _limiter.AttemptAcquire(http);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
