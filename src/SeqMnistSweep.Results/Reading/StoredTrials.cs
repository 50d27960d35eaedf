using Microsoft.Data.Sqlite;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Reading;

/// <summary>Rows of the table <c>trial</c> as records, column by column and one at a time: a head that starts reads a million of them while its workers wait.</summary>
internal static class StoredTrials
{
    private const string Columns =
        """
        number, configuration, params, seed, origin, state, cause, message, lease, attempts, failures, losses_in_a_row, epoch, value,
        value_epoch, test_loss, test_accuracy, checkpoint_digest, checkpoint_epoch, checkpoint_batch, checkpoint_bytes, worker, incarnation,
        device, facts, not_before, created, started, finished, granted
        """;

    /// <summary>By number.</summary>
    public static IEnumerable<TrialRecord> All(SqliteConnection connection, SweepId sweep) =>
        Read(connection, $"select {Columns} from trial where sweep = @sweep order by number", sweep);

    /// <summary>Those that hold a slot, by number. They are few: looked up by their state, however many have ended.</summary>
    public static IEnumerable<TrialRecord> Active(SqliteConnection connection, SweepId sweep) =>
        Read(connection, $"select {Columns} from trial indexed by trial_by_state where sweep = @sweep and state in ('leased', 'running')", sweep).OrderBy(trial => trial.Number);

    private static IEnumerable<TrialRecord> Read(SqliteConnection connection, string sql, SweepId sweep)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@sweep", sweep.Value);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return Record(rows);
        }
    }

    private static TrialRecord Record(SqliteDataReader row) => new()
    {
        Number = row.GetInt32(0),
        Configuration = row.GetInt32(1),
        Parameters = ParameterSet.Written(row.GetString(2)),
        Seed = row.GetInt64(3),
        Origin = Text(row, 4),
        State = StateNames.Parse<TrialState>(row.GetString(5)),
        Cause = Text(row, 6) is { } cause ? StateNames.Parse<FailureCause>(cause) : null,
        Message = Text(row, 7),
        Lease = row.GetInt64(8),
        Attempts = row.GetInt32(9),
        Failures = row.GetInt32(10),
        LossesInARow = row.GetInt32(11),
        Epoch = row.GetInt32(12),
        Value = Real(row, 13),
        ValueEpoch = row.IsDBNull(14) ? null : row.GetInt32(14),
        TestLoss = Real(row, 15),
        TestAccuracy = Real(row, 16),
        Checkpoint = Text(row, 17) is { } digest ? new CheckpointFile(row.GetInt32(18), row.GetInt32(19), digest, row.GetInt64(20)) : null,
        Worker = Text(row, 21),
        Incarnation = Text(row, 22),
        Device = Text(row, 23),
        Facts = Text(row, 24),
        NotBefore = Time(row, 25),
        Created = Timestamp.Parse(row.GetString(26)),
        Started = Time(row, 27),
        Finished = Time(row, 28),
        Granted = Time(row, 29),
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static double? Real(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Timestamp.Parse(row.GetString(column));
}
