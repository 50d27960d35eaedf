namespace SeqMnistSweep.Results.Reading;

/// <summary>Rows of the table <c>trial</c> as records, one at a time: a head that starts reads a million of them while its workers
/// wait.</summary>
internal static class StoredTrials
{
    /// <summary>By number.</summary>
    public static IEnumerable<TrialRecord> All(SqliteConnection connection, SweepId sweep) =>
        Read(connection, $"select {TrialValues.Columns} from trial where sweep = @sweep order by number", sweep);

    /// <summary>Those that hold a slot, by number. They are few: looked up by their state, however many have ended.</summary>
    public static IEnumerable<TrialRecord> Active(SqliteConnection connection, SweepId sweep) => Read(
        connection,
        $"select {TrialValues.Columns} from trial indexed by trial_by_state where sweep = @sweep and state in ('leased', 'running')",
        sweep).OrderBy(trial => trial.Number);

    private static IEnumerable<TrialRecord> Read(SqliteConnection connection, string sql, SweepId sweep)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@sweep", sweep.Value);
        using var rows = command.ExecuteReader();
        var row = new Row(rows);
        while (rows.Read())
        {
            yield return row.Trial();
        }
    }

    /// <summary>The columns of the current row, from the first.</summary>
    private sealed class Row(SqliteDataReader row) : ITrialColumns
    {
        private int _next;

        public TrialRecord Trial()
        {
            _next = 0;
            return TrialColumns.Pass(this, TrialRecord.Blank);
        }

        public int Integer(string column, int value) => row.GetInt32(_next++);

        public long Long(string column, long value) => row.GetInt64(_next++);

        public int? OptionalInteger(string column, int? value) => IsNull() ? null : row.GetInt32(_next - 1);

        public double? Real(string column, double? value) => IsNull() ? null : row.GetDouble(_next - 1);

        public bool Flag(string column, bool value) => row.GetBoolean(_next++);

        public string? Text(string column, string? value) => IsNull() ? null : row.GetString(_next - 1);

        public string? Name(string column, string? value) => Text(column, value);

        public T? Choice<T>(string column, T? value)
            where T : struct, Enum => Text(column, null) is { } name ? StateNames.Parse<T>(name) : null;

        public DateTimeOffset? Time(string column, DateTimeOffset? value) => Text(column, null) is { } text ? Timestamp.Parse(text) : null;

        public ParameterSet Parameters(string column, ParameterSet value) => ParameterSet.Written(row.GetString(_next++));

        public CheckpointFile? Checkpoint(string column, CheckpointFile? value)
        {
            var at = _next;
            _next += 4;
            var name = Text(column, null);
            return row.IsDBNull(at)
                ? null
                : new CheckpointFile(row.GetInt32(at), row.GetInt32(at + 1), row.GetString(at + 2), row.GetInt64(at + 3), name);
        }

        public CheckpointFile? KeptCheckpoint(CheckpointFile? value) => null;

        private bool IsNull() => row.IsDBNull(_next++);
    }
}
