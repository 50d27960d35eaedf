namespace SeqMnistSweep.Results.Writing;

/// <summary>Many writes in one transaction, each whole or not at all; their waiters hear of it once the transaction is on the
/// disk.</summary>
internal sealed class GroupCommit(SqliteConnection connection, Statements statements, string path, FilesInPlace files)
{
    /// <summary>Never throws: what goes wrong goes to the waiters.</summary>
    /// <returns>What kept the whole transaction from the disk; null when it is there.</returns>
    public Exception? Run(IReadOnlyList<PendingWrite> writes)
    {
        var applied = new List<PendingWrite>(writes.Count);
        try
        {
            RequireInPlace();
            statements.Execute("begin immediate");
            foreach (var write in writes)
            {
                if (Apply(write))
                {
                    applied.Add(write);
                }
            }

            statements.Execute("commit");

            // Nobody may hear that something is stored which went with the file that was there before.
            RequireInPlace();
        }
        catch (Exception error)
        {
            RollBack();
            var reason = error is SqliteException sqlite ? DatabaseException.From(sqlite, path) : error;
            foreach (var write in writes)
            {
                write.Fail(reason);
            }

            return reason;
        }

        foreach (var write in applied)
        {
            write.Complete();
        }

        return null;
    }

    private void RequireInPlace()
    {
        if (files.Moved() is { } now)
        {
            throw new DatabaseException(
                $"{path} was moved, deleted or replaced under the running head: what it writes to is {now} now, so nothing is written any "
                    + "more",
                "put that file back in its place, and the head goes on; or stop the head, and start it on the file that is meant");
        }
    }

    /// <returns>Whether the write is to be completed after the commit; otherwise it has failed already, alone.</returns>
    private bool Apply(PendingWrite write)
    {
        statements.Execute("savepoint write");
        try
        {
            if (!write.Apply(statements))
            {
                statements.Execute("rollback to write");
            }

            statements.Execute("release write");
            return true;
        }
        catch (Exception error) when (IsOfThisWriteAlone(error))
        {
            statements.Execute("rollback to write");
            statements.Execute("release write");
            write.Fail(error is SqliteException sqlite ? DatabaseException.From(sqlite, path) : error);
            return false;
        }
    }

    /// <summary>SQLite rolls the whole transaction back by itself when the disk is full, for example; then there is no savepoint to return
    /// to.</summary>
    private bool IsOfThisWriteAlone(Exception error) =>
        InTransaction && (error is not SqliteException sqlite || !SqliteCodes.IsOfTheWholeFile(sqlite.SqliteErrorCode));

    private bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    private void RollBack()
    {
        try
        {
            if (InTransaction)
            {
                statements.Execute("rollback");
            }
        }
        catch (SqliteException)
        {
            // The error that led here is the one to report; a transaction that cannot be rolled back now is rolled back by the next opener.
        }
    }
}
