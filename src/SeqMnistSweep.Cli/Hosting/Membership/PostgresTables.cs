using Npgsql;

namespace SeqMnistSweep.Cli.Hosting.Membership;

/// <summary>The tables and stored queries that Orleans expects of a PostgreSQL server; it does not create them itself.</summary>
internal static class PostgresTables
{
    /// <summary>Adds what is missing. What is there, of an earlier start or of Orleans' own scripts, stays as it is.</summary>
    /// <exception cref="CommandError">The server does not answer, or does not let this user do it.</exception>
    public static async Task CreateAsync(MembershipChoice.Postgres place, string connection, CancellationToken cancellation)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(connection);
            await using var opened = await source.OpenConnectionAsync(cancellation);

            // Asked first: creating what exists already takes the right to create all the same.
            if (!await IsCompleteAsync(opened, cancellation))
            {
                await using var script = new NpgsqlCommand(Script(), opened);
                await script.ExecuteNonQueryAsync(cancellation);
            }
        }
        catch (NpgsqlException error)
        {
            throw new CommandError(
                ExitCodes.HeadUnreachable,
                $"the membership at {place} cannot be used: {error.InnerException?.Message ?? error.Message}",
                $"check that the server runs and that {place.User} may create tables in that database");
        }
    }

    private static async Task<bool> IsCompleteAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var tables = new NpgsqlCommand(
            "select to_regclass('orleansquery') is not null and to_regclass('orleansmembershiptable') is not null", connection);
        if (await tables.ExecuteScalarAsync(cancellation) is not true) return false;

        // The query that came last, with Orleans 10.4.
        await using var query = new NpgsqlCommand(
            "select exists (select 1 from orleansquery where querykey = 'CleanupDefunctSiloEntryKey')", connection);
        return await query.ExecuteScalarAsync(cancellation) is true;
    }

    private static string Script()
    {
        using var stream = typeof(PostgresTables).Assembly.GetManifestResourceStream("membership.postgres.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
