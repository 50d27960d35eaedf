using System.Security.Claims;

namespace SeqMnistSweep.Head.Access;

/// <summary>Who calls, as their credential says.</summary>
/// <param name="Credential">Which one it was, for the audit; no secret.</param>
public sealed record Caller(string Name, Role Role, string Credential)
{
    internal const string NameClaim = "name";
    internal const string RoleClaim = "role";
    private const string CredentialClaim = "credential";

    /// <param name="principal">Of a request; nobody where it has shown no credential.</param>
    public static Caller? Of(ClaimsPrincipal principal) =>
        principal.FindFirstValue(NameClaim) is { } name && Enum.TryParse<Role>(principal.FindFirstValue(RoleClaim), true, out var role)
            ? new Caller(name, role, principal.FindFirstValue(CredentialClaim) ?? "")
            : null;

    /// <param name="scheme">How the credential came.</param>
    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [new(NameClaim, Name), new(RoleClaim, Role.ToName()), new(CredentialClaim, Credential)], scheme, NameClaim, RoleClaim));
}
