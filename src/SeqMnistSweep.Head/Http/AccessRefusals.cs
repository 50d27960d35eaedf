using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary>What somebody is told who may not: 401 for who is not known, 403 for who is, in the form of every other refusal.</summary>
internal sealed class AccessRefusals(Audit audit) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var refusal = Caller.Of(context.User) is { } caller ? Forbidden(caller, policy) : Unknown(context);
        audit.NoteRefusal(context, refusal);
        await refusal.ToResult().ExecuteAsync(context);
    }

    private static ApiError Unknown(HttpContext context)
    {
        // Clients tell by the realm whose head it is.
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{CredentialName.From(Credentials.Account)}\"";
        var shown = TokenAuthentication.TokenOf(context.Request) is not null;
        return new ApiError(StatusCodes.Status401Unauthorized, new ErrorBody(
            "unauthenticated",
            $"this head is {Credentials.Account}'s and does not know you: "
                + (shown ? "the token is none that it gave, was revoked or has ended" : "the request shows no token"),
            "in a browser: seqsweep open; in a script: Authorization: Bearer $(seqsweep token show); on another machine: seqsweep login URL"));
    }

    private static ApiError Forbidden(Caller caller, AuthorizationPolicy policy)
    {
        var role = caller.Role.ToName();
        var least = policy.Requirements.OfType<RolesAuthorizationRequirement>()
            .First(requirement => !requirement.AllowedRoles.Contains(role)).AllowedRoles.First();
        return new ApiError(StatusCodes.Status403Forbidden, new ErrorBody(
            "not_allowed", $"{caller.Name} is {role} here, and this takes {least}",
            "an admin of the head gives tokens: seqsweep token create NAME --role ROLE"));
    }
}
