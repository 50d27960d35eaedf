using Dapper;
using SeqMnistSweep.Files;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Results;

/// <summary>Brings a database up to the last of <paramref name="migrations"/>; <c>PRAGMA user_version</c> counts the steps a file has
/// had.</summary>
internal sealed class Migrator(IReadOnlyList<Migration> migrations)
{
    /// <summary>'SQMS' in the file's header, set by the first migration: says whose database it is.</summary>
    public const int ApplicationId = 0x53514D53;

    public int Latest => migrations.Count;

    /// <summary>Applies what is missing and makes the views anew, all in one transaction; a file that already has a schema is copied beside
    /// itself first.</summary>
    /// <returns>The copy's path, or null when none was made.</returns>
    /// <exception cref="DatabaseException">The file belongs to a newer program or to another one.</exception>
    public string? Migrate(SqliteConnection connection, string path)
    {
        var version = Check(connection, path);
        if (version == Latest) return null;

        var backup = version > 0 ? BackUp(connection, path, version) : null;
        Apply(connection, path, version);
        return backup;
    }

    /// <summary>The file's schema version, 0 for an empty file.</summary>
    /// <exception cref="DatabaseException">The file belongs to a newer program or to another one.</exception>
    public int Check(SqliteConnection connection, string path)
    {
        var version = connection.ExecuteScalar<int>("pragma user_version");
        var application = connection.ExecuteScalar<int>("pragma application_id");
        var empty = connection.ExecuteScalar<int>("select count(*) from sqlite_schema") == 0;
        if (application != ApplicationId && !empty)
        {
            throw new DatabaseException($"{path} is an SQLite database of another program", "name another file with --db");
        }

        if (version > Latest)
        {
            throw new DatabaseException(
                $"{path} has schema {version}, and this program knows none after {Latest}",
                    "it was written by a newer seqsweep: use that one");
        }

        return empty ? 0 : version;
    }

    private static string BackUp(SqliteConnection connection, string path, int version)
    {
        var backup = $"{path}.schema-{version}";
        for (var n = 2; File.Exists(backup); n++)
        {
            backup = $"{path}.schema-{version}-{n}";
        }

        try
        {
            PrivateFile.Open(backup, FileMode.CreateNew, FileAccess.Write).Dispose(); // an empty file is written into, and keeps its mode
            connection.Execute("vacuum into @backup", new { backup });
            return backup;
        }
        catch (SqliteException error)
        {
            File.Delete(backup);
            throw new DatabaseException(
                $"{path} needs a newer schema, but the backup {backup} before that failed: {error.Message}", "free some disk space", error);
        }
    }

    private void Apply(SqliteConnection connection, string path, int version)
    {
        var step = "";
        connection.Execute("begin immediate");
        try
        {
            // What SQL cannot read out of a sweep file.
            connection.CreateFunction("file_description", (string text) => SweepFile.ReadLabels(text).Description, isDeterministic: true);
            connection.CreateFunction("file_tags", (string text) => TagsJson.Write(SweepFile.ReadLabels(text).Tags), isDeterministic: true);
            foreach (var view in connection.Query<string>("select name from sqlite_schema where type = 'view'").AsList())
            {
                connection.Execute($"drop view \"{view}\"");
            }

            foreach (var migration in migrations.Skip(version))
            {
                step = $" ({migration.Name})";
                connection.Execute(migration.Sql);
            }

            connection.Execute(Migration.Views);
            connection.Execute($"pragma user_version = {Latest}");
            connection.Execute("commit");
        }
        catch (SqliteException error)
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                connection.Execute("rollback");
            }

            throw new DatabaseException(
                $"{path} could not be brought to schema {Latest}{step} and stays as it was: {error.Message}", null, error);
        }
    }
}
