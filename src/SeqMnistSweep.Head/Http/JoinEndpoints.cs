using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results.Access;

namespace SeqMnistSweep.Head.Http;

/// <summary>How workers get in: <c>/ca</c> by which the head is known, <c>/api/v1/join</c> for a secret, and renewal. Of no use to other
/// programs, so the document of the interface does not name them.</summary>
internal static class JoinEndpoints
{
    private const int LargestBody = 16 << 10;

    private static readonly TimeSpan UsualLife = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    /// <summary>For everybody: each checks what it is shown.</summary>
    public static void MapJoin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ca", ([FromServices] HeadIdentity identity) => TypedResults.Bytes(
            identity.Authority.Certificate.RawData, "application/pkix-cert")).ExcludeFromDescription();
        var join = routes.MapApi("Cluster", "/join").WithBodyLimit(LargestBody).AddEndpointFilter(RefuseAsync).ExcludeFromDescription();
        join.MapPost("", JoinAsync);
        join.MapGet("", IResult (HttpContext http) => WorkerOf(http) is null
            ? throw new JoinRefusedException(JoinRefusal.Unknown, "")
            : TypedResults.NoContent());
        join.MapPost("/renew", (RenewRequest body, HttpContext http, [FromServices] WorkerCredentials workers) =>
            WorkerOf(http) is { } worker
                ? workers.RenewAsync(worker, TokenAuthentication.TokenOf(http.Request)!, body.Request)
                : throw new JoinRefusedException(JoinRefusal.Unknown, ""));
    }

    /// <summary>For those who steer the cluster through its gateway.</summary>
    public static void MapCertificate(this IEndpointRouteBuilder routes) => routes.MapApi("Cluster").MapPost(
        "/certificate", (RenewRequest body, HttpContext http, [FromServices] HeadIdentity identity) =>
        {
            var caller = Caller.Of(http.User)!;
            try
            {
                using var certificate = identity.SignClient(
                    KeyRequest.Read(body.Request), caller.Role == Role.Admin ? CertificateRole.Admin : CertificateRole.Operator,
                    CredentialName.From(caller.Name));
                return new CertificateAnswer(certificate.ExportCertificatePem(), identity.Authority.Certificate.ExportCertificatePem());
            }
            catch (FormatException error)
            {
                throw ApiError.BadRequest(error.Message);
            }
        }).WithBodyLimit(LargestBody).ExcludeFromDescription();

    /// <summary>For admins.</summary>
    public static void MapJoinLines(this IEndpointRouteBuilder routes)
    {
        routes.MapApi("Cluster").MapPost("/join-lines", async (
            JoinLineRequest? body, HttpContext http, [FromServices] WorkerCredentials workers, [FromServices] HeadIdentity identity,
            [FromServices] HeadAddresses at, [FromServices] Audit audit, TimeProvider time) =>
        {
            if (at.Http.Scheme != Uri.UriSchemeHttps)
            {
                throw ApiError.Conflict(
                    "not_allowed", "nobody joins by a line here: workers of this account on this machine find the head themselves",
                    "for workers elsewhere: seqsweep head --listen 0.0.0.0");
            }

            var life = LifeOf(body?.ForSeconds ?? UsualLife.TotalSeconds);
            var secret = await workers.CreateJoinSecretAsync(life, Caller.Of(http.User)!.Name);
            audit.Note(http, "join-line create", $"for {life}", Audit.Done);
            return new JoinLineAnswer(new JoinLine(at.Http, identity.Authority.Pin, secret).ToString(), time.GetUtcNow() + life);
        }).ExcludeFromDescription();

        routes.MapApi("Cluster", "/workers/{name}").MapPost("/revoke", async (
            string name, HttpContext http, [FromServices] WorkerCredentials workers, [FromServices] Audit audit) =>
        {
            if (!await workers.RevokeAsync(name)) throw ApiError.NotFound($"no worker named '{name}' has a certificate");

            audit.Note(http, "worker revoke", name, Audit.Done);
            return TypedResults.NoContent();
        })
            .ExcludeFromDescription();
    }

    private static async Task<JoinAnswer> JoinAsync(
        JoinRequest body, HttpContext http, [FromServices] WorkerCredentials workers, [FromServices] Audit audit)
    {
        var answer = await workers.JoinAsync(body, await JoinSecretOfAsync(http));
        audit.Note(new AuditEntry(
            body.Name, AccessPolicies.WorkerRole, $"{http.Connection.RemoteIpAddress}", "join", body.Name!, Audit.Done));
        return answer;
    }

    private static TimeSpan LifeOf(double seconds) => seconds > 0 && seconds <= LongestLife.TotalSeconds
        ? TimeSpan.FromSeconds(seconds)
        : throw ApiError.BadRequest($"for_seconds is {seconds}", $"give more than 0 and at most {LongestLife.TotalSeconds:0}");

    /// <summary>The worker whose key a request shows; null where it shows none, or over HTTPS not the certificate of the same
    /// worker.</summary>
    /// <exception cref="JoinRefusedException">It was revoked or has ended.</exception>
    public static WorkerCredential? WorkerOf(HttpContext http) =>
        http.RequestServices.GetService(typeof(WorkerCredentials)) is WorkerCredentials workers
            && workers.Find(TokenAuthentication.TokenOf(http.Request)) is { } worker
            && (!http.Request.IsHttps
                || (http.Connection.ClientCertificate is { } shown && ClusterCertificate.NameOf(shown) == worker.Name))
                ? worker
                : null;

    /// <summary>Null for an admin, as programs of the head's own account are.</summary>
    private static async Task<string?> JoinSecretOfAsync(HttpContext http) =>
        Caller.Of((await http.AuthenticateAsync(TokenAuthentication.Name)).Principal ?? new()) is { Role: Role.Admin }
            ? null
            : TokenAuthentication.TokenOf(http.Request) ?? throw new JoinRefusedException(JoinRefusal.Unknown, "");

    private static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (JoinRefusedException error)
        {
            var refusal = ErrorOf(error);
            context.HttpContext.RequestServices.GetRequiredService<Audit>().NoteRefusal(context.HttpContext, refusal);
            return refusal.ToResult();
        }
    }

    internal static ApiError ErrorOf(JoinRefusedException error) => error.Refusal switch
    {
        JoinRefusal.Name or JoinRefusal.Request => ApiError.BadRequest(error.Message),
        JoinRefusal.Revoked => new ApiError(StatusCodes.Status401Unauthorized, new ErrorBody("revoked", error.Message)),
        JoinRefusal.LineEnded => new ApiError(StatusCodes.Status401Unauthorized, new ErrorBody("line_ended", error.Message)),
        _ => new ApiError(StatusCodes.Status401Unauthorized, new ErrorBody("unauthorized", error.Message)),
    };
}
