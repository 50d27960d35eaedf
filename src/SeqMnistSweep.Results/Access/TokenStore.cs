using Dapper;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Results.Access;

/// <summary>The tokens that a head gave. What is written is on the disk when its task completes.</summary>
/// <param name="path">The database that <paramref name="writer"/> writes to.</param>
/// <remarks>Every method throws <see cref="DatabaseException"/> when the database does not do what it must.</remarks>
public sealed class TokenStore(ResultWriter writer, string path)
{
    /// <summary>All of them, those that have ended or were revoked included, the oldest first.</summary>
    public IReadOnlyList<TokenRow> Tokens() => ReadConnection.Read(path, connection => connection
        .Query<TokenRow>("select id, name, role, digest, created, actor, ends, revoked from tokens order by created, id").ToList());

    /// <param name="token">Its digest, of a secret that is kept nowhere.</param>
    public Task AddAsync(TokenRow token) => writer.EnqueueAsync(1, statements =>
    {
        statements.Execute(
            "insert into tokens (id, name, role, digest, created, actor, ends) values (@id, @name, @role, @digest, @created, @actor, @ends)",
            ("id", token.Id), ("name", token.Name), ("role", token.Role), ("digest", token.Digest), ("created", token.Created),
            ("actor", token.Actor), ("ends", token.Ends));
        return (true, Keep: true);
    });

    /// <summary>Takes tokens back; those that were taken back before stay as they are.</summary>
    /// <param name="which">The id of one, or the name of who has them.</param>
    /// <returns>How many.</returns>
    public Task<int> RevokeAsync(string which, DateTimeOffset now) => writer.EnqueueAsync(1, statements =>
    {
        var revoked = statements.Execute(
            "update tokens set revoked = @now where (id = @which or name = @which) and revoked is null",
            ("now", Timestamp.Format(now)), ("which", which));
        return (revoked, Keep: true);
    });
}

/// <summary>A token that a head gave.</summary>
/// <param name="Id">The part of it that is no secret.</param>
/// <param name="Name">Who shows it.</param>
/// <param name="Role">What they may, in lower case.</param>
/// <param name="Digest">SHA-256 of the secret.</param>
/// <param name="Created">ISO 8601, UTC, as the other times.</param>
/// <param name="Actor">Who gave it.</param>
/// <param name="Ends">Null for one that holds until it is taken back.</param>
/// <param name="Revoked">When it was taken back; null for one that was not.</param>
[method: ExplicitConstructor]
public sealed record TokenRow(
    string Id, string Name, string Role, string Digest, string Created, string Actor, string? Ends, string? Revoked);
