using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Results.Access;

namespace SeqMnistSweep.Head.Http;

/// <param name="Name">Who will show it.</param>
/// <param name="Role">viewer, submitter, operator or admin.</param>
/// <param name="ForSeconds">How long it holds; null: until it is taken back.</param>
public sealed record TokenRequest(string? Name, string? Role, double? ForSeconds = null);

/// <summary>A token without its secret.</summary>
/// <param name="Actor">Who gave it.</param>
/// <param name="Ends">Null for one that holds until it is taken back.</param>
/// <param name="Revoked">When it was taken back.</param>
public sealed record TokenInfo(string Id, string Name, string Role, string Created, string Actor, string? Ends, string? Revoked);

/// <param name="Token">Shown here and never again.</param>
public sealed record NewToken(string Token, TokenInfo Info);

public sealed record RevokedTokens(int Revoked);

/// <summary><c>/api/v1/tokens</c>: what lets people and scripts in.</summary>
internal static class TokensEndpoints
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3660);

    /// <summary>Names that events have for others than people.</summary>
    private static readonly string[] Taken = ["schedule", "head", "worker", "somebody"];

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapApi("Access", "/tokens");
        tokens.MapGet("", (Credentials credentials) => credentials.Tokens().Select(InfoOf)).WithSummary("Every token, without its secret");
        tokens.MapPost("", CreateAsync).WithSummary("A new token, shown once");
        tokens.MapPost("/{which}/revoke", RevokeAsync).WithSummary("Takes a token back by its id, or all of a name");
    }

    private static async Task<NewToken> CreateAsync(TokenRequest body, HttpContext http, Credentials credentials, Audit audit)
    {
        var name = body.Name ?? "";
        if (!CredentialName.IsValid(name)) throw ApiError.BadRequest($"'{name}' cannot be a name", $"one has {CredentialName.Accepted}");

        if (name == Credentials.Account || Taken.Contains(name))
        {
            throw ApiError.BadRequest($"'{name}' is the name of another here", "take another one: events tell people by it");
        }

        if (!StateNames.TryParse<Role>(body.Role ?? "", out var role))
        {
            throw ApiError.BadRequest(
                $"'{body.Role}' is no role", $"one is {string.Join(", ", Enum.GetValues<Role>().Select(known => known.ToName()))}");
        }

        if (body.ForSeconds is { } seconds && !(seconds >= 1 && seconds <= LongestLife.TotalSeconds))
        {
            throw ApiError.BadRequest($"for_seconds is {seconds}", $"give 1 to {LongestLife.TotalSeconds:0}, or leave it out");
        }

        var life = body.ForSeconds is { } holds ? TimeSpan.FromSeconds(holds) : (TimeSpan?)null;
        var (row, token) = await credentials.CreateAsync(name, role, life, Caller.Of(http.User)!.Name);
        audit.Note(http, "token create", $"{row.Name} {row.Role} {row.Id}", Audit.Done);
        return new NewToken(token, InfoOf(row));
    }

    private static TokenInfo InfoOf(TokenRow row) =>
        new(row.Id, row.Name, row.Role, row.Created, row.Actor, row.Ends, row.Revoked);

    private static async Task<RevokedTokens> RevokeAsync(string which, HttpContext http, Credentials credentials, Audit audit)
    {
        var revoked = await credentials.RevokeAsync(which);
        if (revoked == 0) throw ApiError.NotFound($"no token that holds has the id or the name '{which}'");

        audit.Note(http, "token revoke", which, Audit.Done);
        return new RevokedTokens(revoked);
    }
}
