using Dapper;

namespace SeqMnistSweep.Results.Optuna;

/// <summary>Reads the SQLite file of Optuna's <c>sqlite:///study.db</c> (optuna/storages/_rdb/models.py).</summary>
public static class OptunaDatabase
{
    private const string OfStudy = "where trial_id in (select trial_id from trials where study_id = @id)";

    private static readonly byte[] Magic = [.. "SQLite format 3\0"u8];

    /// <summary>Whether a file is a database of SQLite, by its first bytes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsSqlite(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = new byte[Magic.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(Magic);
    }

    /// <summary>The studies in the order in which they were made.</summary>
    /// <exception cref="DatabaseException">It is no database of Optuna, or is damaged.</exception>
    /// <exception cref="FormatException">A value is not what its distribution says.</exception>
    public static IReadOnlyList<OptunaStudy> Read(string path)
    {
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            connection.Open();
            return [.. connection.Query<(long Id, string Name)>("select study_id, study_name from studies order by study_id")
                .ToList().Select(study => Study(connection, study.Id, study.Name))];
        }
        catch (SqliteException error)
        {
            throw new DatabaseException(
                $"{path} is a database, but not one of Optuna: {error.Message}",
                "an Optuna study is kept there by storage='sqlite:///FILE'", error);
        }
    }

    private static OptunaStudy Study(SqliteConnection connection, long id, string name)
    {
        var of = new { id };
        var directions = connection.Query<string>(
            "select direction from study_directions where study_id = @id order by objective", of);
        var trials = new SortedDictionary<long, OptunaTrial>();
        foreach (var (trial, state, started, finished) in connection.Query<(long, string, string?, string?)>(
            "select trial_id, state, datetime_start, datetime_complete from trials where study_id = @id order by number, trial_id", of))
        {
            trials[trial] = new OptunaTrial
            {
                State = state, Started = OptunaTrial.Time(started), Finished = OptunaTrial.Time(finished),
            };
        }

        foreach (var (trial, parameter, value, distribution) in connection.Query<(long, string, double, string)>(
            $"select trial_id, param_name, param_value, distribution_json from trial_params {OfStudy} order by param_id", of))
        {
            trials[trial].Set(parameter, distribution, value);
        }

        foreach (var (trial, objective, value) in connection.Query<(long, int, double?)>(
            $"select trial_id, objective, {Finite(connection, "trial_values", "value")} from trial_values {OfStudy}", of))
        {
            trials[trial].Values[objective] = value ?? double.NaN;
        }

        const string Steps = "trial_intermediate_values";
        foreach (var (trial, step, value) in connection.Query<(long, long, double?)>(
            $"select trial_id, step, {Finite(connection, Steps, "intermediate_value")} from {Steps} {OfStudy}", of))
        {
            trials[trial].Curve[step] = value ?? double.NaN;
        }

        return new OptunaStudy(name, [.. directions.Select(direction => direction == "MAXIMIZE")], [.. trials.Values]);
    }

    /// <summary>From version 3 on NaN and the infinities stand in a column of their own.</summary>
    private static string Finite(SqliteConnection connection, string table, string column) =>
        connection.ExecuteScalar<long>(
            "select count(*) from pragma_table_info(@table) where name = @type", new { table, type = column + "_type" }) > 0
            ? $"case {column}_type when 'INF_POS' then 9e999 when 'INF_NEG' then -9e999 when 'NAN' then null else {column} end"
            : column;
}
