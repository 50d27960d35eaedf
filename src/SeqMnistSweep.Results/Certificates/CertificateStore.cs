using Dapper;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Results.Certificates;

/// <summary>The certificates of workers and the secrets by which they join. What is written is on the disk when its task
/// completes.</summary>
/// <param name="path">The database that <paramref name="writer"/> writes to.</param>
/// <remarks>Every method throws <see cref="DatabaseException"/> when the database does not do what it must.</remarks>
public sealed class CertificateStore(ResultWriter writer, string path)
{
    /// <summary>How long what has ended is kept, so that its holder can be told so.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>All of them, those that have ended or were revoked included.</summary>
    public IReadOnlyList<CertificateRow> Certificates() => ReadConnection.Read(path, connection => connection
        .Query<(
            string Serial, string Name, string Issued, string Ends, string KeyDigest, string? JoinSecret, string? Silo, string? Revoked)>(
            "select serial, name, issued, ends, key_digest, join_secret, silo, revoked from certificates order by issued, serial")
        .Select(row => new CertificateRow(
            row.Serial, row.Name, Timestamp.Parse(row.Issued), Timestamp.Parse(row.Ends), row.KeyDigest, row.JoinSecret, row.Silo,
            row.Revoked is null ? null : Timestamp.Parse(row.Revoked)))
        .ToList());

    /// <summary>When a join secret ends.</summary>
    /// <returns>Null where there is no such secret.</returns>
    public DateTimeOffset? EndOfJoinSecret(string digest) => ReadConnection.Read(
        path, connection => connection.QueryFirstOrDefault<string>("select ends from join_secrets where digest = @digest", new { digest }))
        is { } ends ? Timestamp.Parse(ends) : null;

    /// <summary>Adds a secret, and forgets those that ended long ago.</summary>
    public Task AddJoinSecretAsync(string digest, DateTimeOffset created, DateTimeOffset ends, string actor) =>
        writer.EnqueueAsync(1, statements =>
        {
            statements.Execute("delete from join_secrets where ends < @before", ("before", Timestamp.Format(created - Kept)));
            statements.Execute(
                "insert into join_secrets (digest, created, ends, actor) values (@digest, @created, @ends, @actor)",
                ("digest", digest), ("created", Timestamp.Format(created)), ("ends", Timestamp.Format(ends)), ("actor", actor));
            return (true, Keep: true);
        });

    /// <summary>Adds a certificate, and forgets those that ended long ago.</summary>
    public Task AddAsync(CertificateRow certificate) => writer.EnqueueAsync(1, statements =>
    {
        statements.Execute("delete from certificates where ends < @before", ("before", Timestamp.Format(certificate.Issued - Kept)));
        statements.Execute(
            "insert into certificates (serial, name, issued, ends, key_digest, join_secret, silo) "
                + "values (@serial, @name, @issued, @ends, @key, @secret, @silo)",
            ("serial", certificate.Serial), ("name", certificate.Name), ("issued", Timestamp.Format(certificate.Issued)),
            ("ends", Timestamp.Format(certificate.Ends)), ("key", certificate.KeyDigest), ("secret", certificate.JoinSecret),
            ("silo", certificate.Silo));
        return (true, Keep: true);
    });

    /// <summary>Says which silo the holder of a key is, once.</summary>
    public Task BindAsync(string keyDigest, string silo) => writer.EnqueueAsync(1, statements =>
    {
        statements.Execute(
            "update certificates set silo = @silo where key_digest = @key and silo is null", ("silo", silo), ("key", keyDigest));
        return (true, Keep: true);
    });

    /// <summary>Revokes what a worker has, and ends the join secrets by which it came.</summary>
    public Task RevokeAsync(string name, DateTimeOffset now) => writer.EnqueueAsync(1, statements =>
    {
        var time = Timestamp.Format(now);
        statements.Execute(
            "update join_secrets set ends = @now where ends > @now "
                + "and digest in (select join_secret from certificates where name = @name and ends > @now)",
            ("now", time), ("name", name));
        statements.Execute(
            "update certificates set revoked = @now where name = @name and revoked is null", ("now", time), ("name", name));
        return (true, Keep: true);
    });
}

/// <summary>A certificate of a worker.</summary>
/// <param name="Serial">As <c>X509Certificate2.SerialNumber</c> gives it.</param>
/// <param name="KeyDigest">Of the worker key.</param>
/// <param name="JoinSecret">Digest of the secret by which it was got; null for a worker of the head's own account.</param>
/// <param name="Silo">In parsable form; null before the holder has joined.</param>
public sealed record CertificateRow(
    string Serial, string Name, DateTimeOffset Issued, DateTimeOffset Ends, string KeyDigest, string? JoinSecret, string? Silo,
    DateTimeOffset? Revoked);
