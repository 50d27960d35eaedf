using Dapper;
using SeqMnistSweep.Results.Access;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Results.Removal;

/// <summary>Deletes a sweep in steps: the first makes it gone for every reader, those after it take its rows away a few at a time, so that
/// nobody else waits long for the disk. After a crash at any moment the sweep is either there as it was, or gone with rows that are left to be
/// taken away.</summary>
/// <param name="path">The database that <paramref name="writer"/> writes to.</param>
public sealed class SweepRemoval(ResultWriter writer, string path)
{
    private const int TrialsAtOnce = 200;
    private const int RowsAtOnce = 5000;

    private static readonly string[] OfTrials = ["report", "superseded_report", "step", "checkpoint", "attempt"];

    /// <summary>Sweeps that are gone, and of which something is left.</summary>
    /// <exception cref="DatabaseException">It cannot be read.</exception>
    public IReadOnlyList<SweepId> Unfinished() => ReadConnection.Read(path, connection => (IReadOnlyList<SweepId>)
        [.. connection.Query<string>("select id from sweep where deleted is not null order by key").Select(SweepId.Parse)]);

    /// <summary>The sweep is gone from here on, and the audit says who did it: one transaction.</summary>
    /// <returns>False where there is none that has ended.</returns>
    /// <exception cref="DatabaseException">It could not be written.</exception>
    public Task<bool> BeginAsync(SweepId sweep, AuditEntry by, DateTimeOffset now) => writer.EnqueueAsync(1, statements =>
    {
        var marked = statements.Execute(
            """
            update sweep set deleted = @now, submit_key = null, digest = ''
            where id = @id and deleted is null and finished is not null
              and not exists (select 1 from trial where sweep = @id and state in ('leased', 'running'))
            """,
            ("id", sweep.Value), ("now", Timestamp.Format(now)));
        if (marked > 0)
        {
            AuditStore.Add(statements, by, now);
        }

        return (marked > 0, Keep: marked > 0);
    });

    /// <summary>Takes some rows of a sweep away that is gone, the last of all its own.</summary>
    /// <returns>Whether there may be more.</returns>
    /// <exception cref="DatabaseException">It could not be written.</exception>
    public Task<bool> StepAsync(SweepId sweep) => writer.EnqueueAsync(TrialsAtOnce, statements => (Step(statements, sweep), Keep: true));

    private static bool Step(Statements statements, SweepId sweep)
    {
        (string, object?)[] id = [("id", sweep.Value)];
        if (statements.Scalar("select 1 from sweep where id = @id and deleted is not null", id) is null) return false;

        var trials = $"(select key from trial where sweep = @id order by number limit {TrialsAtOnce})";
        foreach (var table in OfTrials)
        {
            statements.Execute($"delete from {table} where trial in {trials}", id);
        }

        if (statements.Execute($"delete from trial where key in {trials}", id) > 0) return true;

        // Numbers of events must not be given again: who follows them would miss the later ones. So the newest of all stays.
        var left = statements.Execute(
            $"""
            delete from event where key in (select key from event where sweep = @id and key < (select max(key) from event) limit {RowsAtOnce})
            """, id)
            + statements.Execute(
                $"""
                delete from standing where sweep = @id and configuration in (
                  select configuration from standing where sweep = @id limit {RowsAtOnce})
                """, id);
        if (left > 0) return true;

        statements.Execute("delete from tally where sweep = @id", id);
        if (statements.Execute("delete from sweep where id = @id and not exists (select 1 from event where sweep = @id)", id) == 0)
        {
            statements.Execute("update sweep set source = '', prior_points = '[]', note = null where id = @id", id);
        }

        return false;
    }
}
