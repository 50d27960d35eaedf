using Dapper;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Results.Membership;

/// <summary>The membership table: which silos there are. A change names the version of the table that it was made from, and is applied only
/// if nothing has changed since; what it wrote is on the disk when its task completes. Safe for use by many threads.</summary>
/// <param name="path">The database that <paramref name="writer"/> writes to.</param>
/// <param name="time">When pending signs of life go to the disk; they carry their caller's time.</param>
/// <remarks>Every method throws <see cref="DatabaseException"/> when the database does not do what it must.</remarks>
public sealed class MembershipStore(ResultWriter writer, string path, TimeProvider time) : IDisposable
{
    private readonly HeartbeatBuffer _signs = new(writer, time);

    /// <summary>All rows and the version as of one moment, and the newest signs of life.</summary>
    public MemberSnapshot Read()
    {
        // Taken before the rows: a sign that goes to the disk in between is then in both, and not in neither.
        var signs = _signs.Current();
        var rows = ReadConnection.Read(
            path,
            connection => connection.Query<(long Version, string? Silo, long? Etag, string? Entry, string? Alive)>(
                "select v.version, m.silo, m.etag, m.entry, m.alive from member_version v left join member m order by m.silo").AsList());
        return new MemberSnapshot(rows[0].Version, [.. rows.Where(row => row.Silo is not null).Select(row => Row(row, signs))]);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="expected">The table's version from which the caller decided.</param>
    /// <returns>False when the version is another one or the row exists: nothing was changed.</returns>
    public Task<bool> InsertAsync(string silo, string entry, DateTimeOffset alive, long expected) => writer.EnqueueAsync(1, statements =>
    {
        var added = Advance(statements, expected) && statements.Execute(
            "insert into member (silo, etag, entry, alive) values (@silo, @etag, @entry, @alive) on conflict (silo) do nothing",
            ("silo", silo), ("etag", expected + 1), ("entry", entry), ("alive", Timestamp.Format(alive))) == 1;
        return (added, Keep: added);
    });

    /// <summary>Replaces the entries of rows, all of them or none. Their signs of life stay unless a newer one is given.</summary>
    /// <param name="changes">Each with the etag from which the caller decided.</param>
    /// <param name="expected">The table's version from which the caller decided.</param>
    /// <returns>False when the version or an etag is another one, or a row is missing: nothing was changed.</returns>
    public Task<bool> UpdateAsync(IReadOnlyList<MemberRow> changes, long expected) => writer.EnqueueAsync(changes.Count, statements =>
    {
        var changed = Advance(statements, expected) && changes.All(row => statements.Execute(
            "update member set etag = @new, entry = @entry, alive = max(alive, @alive) where silo = @silo and etag = @etag",
            ("new", expected + 1), ("entry", row.Entry), ("alive", Timestamp.Format(row.Alive)), ("silo", row.Silo),
                ("etag", row.Etag)) == 1);
        return (changed, Keep: changed);
    });

    /// <summary>Notes that a silo lives. Readers see it at once; the disk gets it within a few seconds, many silos in one write. Neither
    /// etag nor version changes.</summary>
    public void MarkAlive(string silo, DateTimeOffset alive) => _signs.Add(silo, alive);

    /// <summary>Forgets rows that are still as the caller saw them. The version stays.</summary>
    public Task DeleteAsync(IReadOnlyList<(string Silo, long Etag)> rows) => writer.EnqueueAsync(Math.Max(rows.Count, 1), statements =>
    {
        foreach (var (silo, etag) in rows)
        {
            statements.Execute("delete from member where silo = @silo and etag = @etag", ("silo", silo), ("etag", etag));
        }

        return (true, Keep: true);
    });

    /// <summary>Stores the signs of life that wait. To be called before the writer is disposed.</summary>
    public void Dispose() => _signs.Dispose();

    private static bool Advance(Statements statements, long expected) => statements.Execute(
        "update member_version set version = @next where id = 1 and version = @expected",
        ("next", expected + 1), ("expected", expected)) == 1;

    private static MemberRow Row(
        (long Version, string? Silo, long? Etag, string? Entry, string? Alive) row, IReadOnlyDictionary<string, DateTimeOffset> signs)
    {
        var stored = Timestamp.Parse(row.Alive!);
        var alive = signs.TryGetValue(row.Silo!, out var sign) && sign > stored ? sign : stored;
        return new MemberRow(row.Silo!, row.Etag!.Value, row.Entry!, alive);
    }
}

/// <summary>A silo as the table holds it.</summary>
/// <param name="Silo">Unique: another start of the same silo is another row.</param>
/// <param name="Etag">The table's version of the row's last change, signs of life apart.</param>
/// <param name="Entry">JSON of the caller's; the table does not look into it.</param>
/// <param name="Alive">The newest sign of life, to the millisecond.</param>
public sealed record MemberRow(string Silo, long Etag, string Entry, DateTimeOffset Alive);

/// <summary>Rows and version of the membership table as of one moment.</summary>
/// <param name="Version">Grows by one with every change but a sign of life; never goes back. 0 in a new database.</param>
public sealed record MemberSnapshot(long Version, IReadOnlyList<MemberRow> Rows);
