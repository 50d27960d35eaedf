using System.Collections.Immutable;
using Dapper;
using Microsoft.Data.Sqlite;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>The schema and the statements on a database in memory, for simulations: written by the caller, one batch at a time, with no writer's thread.</summary>
internal sealed class MemoryDatabase : IDisposable
{
    private const string Name = ":memory:";
    private const long MostPages = 1_073_741_823;

    private static readonly Lazy<SqliteConnection> Empty = new(Migrated);

    private readonly SqliteConnection _connection = Open();
    private readonly Statements _statements;
    private readonly GroupCommit _commit;

    public MemoryDatabase()
    {
        lock (Empty)
        {
            Empty.Value.BackupDatabase(_connection);
        }

        _statements = new Statements(_connection);
        _commit = new GroupCommit(_connection, _statements, Name, new FilesInPlace(null));
    }

    /// <param name="isFull">Whether the disk is: SQLite's own error, by a limit of its pages.</param>
    public WriteOutcome Apply(SweepId sweep, ImmutableArray<SweepChange> changes, bool isFull)
    {
        if (isFull)
        {
            Limit(_connection.ExecuteScalar<long>("pragma page_count"));
        }

        try
        {
            var write = ResultWriter.PendingOf(sweep, changes, () => { });
            _commit.Run([write]);
            return write.Done.GetAwaiter().GetResult();
        }
        finally
        {
            if (isFull)
            {
                Limit(MostPages);
            }
        }
    }

    public RestoredSweep Load(SweepId sweep) => SweepLoader.Load(_connection, sweep)!;

    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
    }

    private static SqliteConnection Migrated()
    {
        var connection = Open();
        new Migrator(Migration.All).Migrate(connection, Name);
        return connection;
    }

    private static SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Name, ForeignKeys = true, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private void Limit(long pages) => _connection.Execute(FormattableString.Invariant($"pragma max_page_count = {pages}"));
}
