using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Tests.Support;

namespace SeqMnistSweep.Results.Tests;

public sealed class ResultDatabaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-results-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "sub", "sweeps.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_new_file_and_its_folder_are_made()
    {
        Open().Dispose();
        Assert.Empty(new ResultReader(Path).Sweeps());
    }

    [Fact]
    public void A_second_head_is_refused_and_told_who_holds_it()
    {
        using var first = Open();
        var error = Assert.Throws<DatabaseException>(Open);
        Assert.Contains($"in use by another head (pid {Environment.ProcessId}, started 20", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link to the file")]
    [InlineData("link to a link")]
    [InlineData("link to the folder")]
    [InlineData("two dots")]
    [InlineData("hard link")]
    [InlineData("descriptor")]
    [InlineData("renamed file")]
    [InlineData("renamed folder")]
    public void A_second_head_is_refused_whatever_path_leads_to_the_file(string way)
    {
        using var first = Open();
        var other = Another(way);

        var error = Assert.Throws<DatabaseException>(() => ResultDatabase.Open(other, TimeProvider.System));
        Assert.Contains("in use by another head", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.FullName, "other*-*"));
        Assert.Empty(Directory.GetFiles(_folder.FullName, "other*.lock"));
    }

    [Theory]
    [InlineData("link to the file", true)]
    [InlineData("link to a link", true)]
    [InlineData("link to the folder", true)]
    [InlineData("hard link", false)]
    public void Another_path_to_a_file_that_nobody_holds_leads_to_its_own_log_or_nowhere(string way, bool opens)
    {
        Open().Dispose();
        var other = Another(way);
        if (opens)
        {
            using var database = ResultDatabase.Open(other, TimeProvider.System);
            Assert.Equal(Path, database.RealPath);
            Assert.Equal(Environment.ProcessId, new ResultReader(other).HeadProcess());
            return;
        }

        foreach (var path in new[] { Path, other })
        {
            var error = Assert.Throws<DatabaseException>(() => ResultDatabase.Open(path, TimeProvider.System));
            Assert.Contains("has 2 names (hard links)", error.Message, StringComparison.Ordinal);
        }

        File.Delete(other);
        Open().Dispose();
    }

    [Fact]
    public void A_link_to_a_file_that_is_not_there_yet_makes_it()
    {
        var link = System.IO.Path.Combine(_folder.FullName, "link.db");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.CreateSymbolicLink(link, Path);
        using var first = ResultDatabase.Open(link, TimeProvider.System);
        Assert.Equal(Path, ResultDatabase.RealPathOf(link));
        Assert.Throws<DatabaseException>(Open);
    }

    [Fact]
    public void A_mount_of_the_file_alone_is_refused()
    {
        var mounts = $"/dev/sda1 / ext4 rw 0 0\n/dev/sda1 {Path} ext4 rw 0 0\n";
        var error = Assert.Throws<DatabaseException>(() => ResultDatabase.Open(Path, TimeProvider.System, Migration.All, mounts));
        Assert.Contains("mount of a single file", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
    }

    [Theory]
    [InlineData("nfs4")]
    [InlineData("cifs")]
    [InlineData("fuse.sshfs")]
    public void A_network_file_system_is_refused_with_the_reason_also_behind_a_link(string kind)
    {
        var link = System.IO.Path.Combine(_folder.FullName, "link");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        Directory.CreateSymbolicLink(link, System.IO.Path.GetDirectoryName(Path)!);
        var mounts = $"/dev/sda1 / ext4 rw 0 0\nnas:/home {System.IO.Path.GetDirectoryName(Path)} {kind} rw 0 0\n";

        var error = Assert.Throws<DatabaseException>(() => ResultDatabase.Open(System.IO.Path.Combine(link, "sweeps.db"), TimeProvider.System, Migration.All, mounts));
        Assert.Contains($"lies on a network file system ({kind}, mounted at ", error.Message, StringComparison.Ordinal);
        Assert.Contains("local disk", error.Hint, StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
        Open().Dispose();
    }

    [Fact]
    public void The_next_head_may_open_it_after_the_first()
    {
        Open().Dispose();
        using var second = Open();
        Assert.Equal(Environment.ProcessId, new ResultReader(Path).HeadProcess());
    }

    [Fact]
    public void A_reader_tells_whether_a_head_lives()
    {
        var reader = new ResultReader(Path);
        Assert.Null(reader.HeadProcess());
        using (Open())
        {
            Assert.Equal(Environment.ProcessId, reader.HeadProcess());
        }

        Assert.Null(reader.HeadProcess());
        File.WriteAllText(Path + ".lock", $"pid {Environment.ProcessId}, started 2020-01-01T00:00:00.000Z\n");
        Assert.Null(reader.HeadProcess());
    }

    [Fact]
    public void A_failed_open_keeps_no_lock()
    {
        Write("this is no database, and it is long enough to have a header of one hundred bytes, which is what SQLite looks at first.");
        Assert.Throws<DatabaseException>(Open);
        File.Delete(Path);
        Open().Dispose();
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        Write(new string('x', 5000));
        Assert.Contains("not an SQLite database", Assert.Throws<DatabaseException>(Open).Message, StringComparison.Ordinal);
        Assert.Contains("not an SQLite database", Assert.Throws<DatabaseException>(() => new ResultReader(Path).Sweeps()).Message, StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(Path).Length);
    }

    [Fact]
    public void Another_programs_database_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        Sqlite("create table theirs (a)");
        var before = File.ReadAllBytes(Path);

        Assert.Contains("of another program", Assert.Throws<DatabaseException>(Open).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        Open().Dispose();
        using (var file = File.OpenWrite(Path))
        {
            file.Position = 5000;
            file.Write(Enumerable.Repeat((byte)0xA5, 60000).ToArray());
        }

        Assert.Contains("damaged", Assert.Throws<DatabaseException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_refused()
    {
        Open().Dispose();
        using (var file = File.OpenWrite(Path))
        {
            file.SetLength(6000);
        }

        Assert.Contains("damaged", Assert.Throws<DatabaseException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_refused()
    {
        Directory.CreateDirectory(Path);
        Assert.Contains("is a folder", Assert.Throws<DatabaseException>(Open).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<DatabaseException>(() => new ResultReader(Path).Sweeps()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/nowhere/sweeps.db")]
    [InlineData("/dev/null/sweeps.db")]
    public void A_place_where_nothing_can_be_written_is_refused(string path) =>
        Assert.Throws<DatabaseException>(() => ResultDatabase.Open(path, TimeProvider.System));

    [Fact]
    public void A_newer_file_is_refused_by_head_and_reader()
    {
        Open().Dispose();
        Sqlite("pragma user_version = 99");

        Assert.Contains("schema 99", Assert.Throws<DatabaseException>(Open).Message, StringComparison.Ordinal);
        Assert.Contains("schema 99", Assert.Throws<DatabaseException>(() => new ResultReader(Path).Sweeps()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_file_is_copied_and_then_migrated()
    {
        Open().Dispose();
        Sqlite("insert into meta values ('kept', 'yes')");
        var next = new Migration(Migration.All.Count + 1, "notes", "create table note (text text) strict;");

        using var database = ResultDatabase.Open(Path, TimeProvider.System, [.. Migration.All, next]);

        Assert.Equal(next.Number, Scalar<int>(Path, "pragma user_version"));
        Assert.Equal(1, Scalar<int>(Path, "select count(*) from sqlite_schema where name = 'note'"));
        Assert.Equal($"{Path}.schema-{Migration.All.Count}", database.Backup);
        Assert.Equal("yes", Scalar<string>(database.Backup!, "select value from meta where key = 'kept'"));
        Assert.Equal(Migration.All.Count, Scalar<int>(database.Backup!, "pragma user_version"));
    }

    [Fact]
    public void A_migration_that_fails_changes_nothing()
    {
        Open().Dispose();
        var bad = new Migration(Migration.All.Count + 1, "bad", "create table half (a) ; insert into nowhere values (1);");

        var error = Assert.Throws<DatabaseException>(() => ResultDatabase.Open(Path, TimeProvider.System, [.. Migration.All, bad]));

        Assert.Contains("stays as it was", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Scalar<int>(Path, "select count(*) from sqlite_schema where name = 'half'"));
        Open().Dispose();
    }

    /// <summary>Another path to the database.</summary>
    private string Another(string way)
    {
        var (folder, other) = (System.IO.Path.GetDirectoryName(Path)!, System.IO.Path.Combine(_folder.FullName, "other"));
        switch (way)
        {
            case "link to the file":
                File.CreateSymbolicLink(other, Path);
                return other;
            case "link to a link":
                File.CreateSymbolicLink(other, "sub/sweeps.db");
                File.CreateSymbolicLink(other + "2", other);
                return other + "2";
            case "link to the folder":
                Directory.CreateSymbolicLink(other, folder);
                return System.IO.Path.Combine(other, "sweeps.db");
            case "two dots":
                return System.IO.Path.Combine(folder, "..", "sub", "sweeps.db");
            case "hard link":
                Process.Start("ln", [Path, other]).WaitForExit();
                return other;
            case "descriptor":
                return $"/proc/self/fd/{OpenFiles.OwnOf(Path)[0]}";
            case "renamed file":
                File.Move(Path, other);
                return other;
            default:
                Directory.Move(folder, other);
                return System.IO.Path.Combine(other, "sweeps.db");
        }
    }

    private ResultDatabase Open() => ResultDatabase.Open(Path, TimeProvider.System);

    private void Write(string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, text);
    }

    private void Sqlite(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=false");
        connection.Execute(sql);
    }

    private static T Scalar<T>(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        return connection.ExecuteScalar<T>(sql)!;
    }
}
