using Dapper;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Results.Access;

/// <summary>Who came in, what was refused, and what was changed that is no event of a sweep.</summary>
/// <param name="path">The database that <paramref name="writer"/> writes to.</param>
public sealed class AuditStore(ResultWriter writer, string path)
{
    /// <summary>More entries than this are not kept: refusals are the work of strangers.</summary>
    private const int Kept = 100_000;

    /// <exception cref="DatabaseException">It could not be written.</exception>
    public Task AddAsync(AuditEntry entry, DateTimeOffset now) => writer.EnqueueAsync(1, statements =>
    {
        Add(statements, entry, now);
        return (true, Keep: true);
    });

    /// <summary>The same, with other writes.</summary>
    internal static void Add(Statements statements, AuditEntry entry, DateTimeOffset now)
    {
        statements.Execute(
            """
            insert into audit_entry (time, who, role, address, action, target, outcome)
            values (@time, @who, @role, @address, @action, @target, @outcome)
            """,
            ("time", Timestamp.Format(now)), ("who", entry.Who), ("role", entry.Role), ("address", entry.Address),
            ("action", entry.Action), ("target", entry.Target), ("outcome", entry.Outcome));
        statements.Execute("delete from audit_entry where key <= (select max(key) from audit_entry) - @kept", ("kept", Kept));
    }

    /// <summary>The last entries, the oldest of them first.</summary>
    /// <exception cref="DatabaseException">It cannot be read.</exception>
    public IReadOnlyList<AuditRow> Last(int count) => Last(path, count);

    /// <inheritdoc cref="Last(int)"/>
    public static IReadOnlyList<AuditRow> Last(string path, int count) => ReadConnection.Read(path, connection => connection
        .Query<AuditRow>(
            "select * from (select entry, time, who, role, address, action, target, outcome from audit order by entry desc limit @count) "
                + "order by entry",
            new { count }).ToList());
}

/// <summary>What is to be kept.</summary>
/// <param name="Who">Null where nobody is known.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="Action">What was asked: <c>token create</c>, <c>GET /api/v1/sweeps</c>.</param>
/// <param name="Target">What it was about; empty for nothing.</param>
/// <param name="Outcome"><c>done</c>, or why not.</param>
public sealed record AuditEntry(string? Who, string? Role, string? Address, string Action, string Target, string Outcome);

/// <summary>A row of the view <c>audit</c>.</summary>
/// <param name="Entry">Grows with every entry.</param>
/// <param name="Time">ISO 8601, UTC, with milliseconds.</param>
/// <param name="Who">Null where nobody is known.</param>
/// <param name="Role">What they may; null where nobody is known.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="Action">What was asked.</param>
/// <param name="Target">What it was about; empty for nothing.</param>
/// <param name="Outcome"><c>done</c>, or why not.</param>
[method: ExplicitConstructor]
public sealed record AuditRow(
    long Entry, string Time, string? Who, string? Role, string? Address, string Action, string Target, string Outcome);
