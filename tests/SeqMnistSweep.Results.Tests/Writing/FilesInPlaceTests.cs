using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Results.Tests.Writing;

/// <summary>What people do to the file of a running head.</summary>
public sealed class FilesInPlaceTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public FilesInPlaceTests() => _database.Write(Some.Id, Some.Adding(Some.Sweep()));

    public void Dispose() => _database.Dispose();

    [Fact]
    public void A_database_that_was_moved_is_not_written_to_until_it_is_back()
    {
        File.Move(_database.Path, _database.Path + ".away");
        var error = Assert.Throws<DatabaseException>(() => _database.Write(Some.Id, Some.Adding(Some.Trial(1))));
        Assert.Contains("was moved, deleted or replaced under the running head", error.Message, StringComparison.Ordinal);
        Assert.Contains("sweeps.db.away", error.Message, StringComparison.Ordinal);
        Assert.True(SpinWait.SpinUntil(() => _database.Writer.Trouble is not null, TimeSpan.FromSeconds(10))); // set after the waiters know

        File.Move(_database.Path + ".away", _database.Path);
        Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, Some.Adding(Some.Trial(1))));
        Assert.True(SpinWait.SpinUntil(() => _database.Writer.Trouble is null, TimeSpan.FromSeconds(10)));
        Assert.Single(_database.Reader.Trials(Some.Id));
    }

    [Fact]
    public void A_database_that_was_deleted_takes_no_more_writes()
    {
        File.Delete(_database.Path);
        var error = Assert.Throws<DatabaseException>(() => _database.Write(Some.Id, Some.Adding(Some.Trial(1))));
        Assert.Contains("(deleted)", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_database.Path));
    }

    [Fact]
    public void Its_log_alone_is_missed_too()
    {
        File.Delete(_database.Path + "-wal");
        Assert.Contains("-wal (deleted)", Assert.Throws<DatabaseException>(() => _database.Write(Some.Id, Some.Adding(Some.Trial(1)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_put_in_its_place_is_neither_written_to_nor_hurt_by_the_end_of_the_head()
    {
        var copy = _database.Path + ".copy";
        DatabaseCopy.Write(_database.Path, copy);
        File.Move(copy, _database.Path, overwrite: true);
        Assert.Throws<DatabaseException>(() => _database.Write(Some.Id, Some.Adding(Some.Trial(1))));

        _database.Writer.Dispose();
        Assert.False(File.Exists(_database.Path + "-wal"));
        Assert.Null(DatabaseCopy.Damage(_database.Path, thorough: true));
        Assert.Empty(_database.Reader.Trials(Some.Id));
    }

    [Fact]
    public void A_head_that_ends_brings_the_log_to_where_its_database_was_moved()
    {
        _database.Write(Some.Id, Some.Adding(Some.Trial(1)));
        var away = _database.Path + ".away";
        File.Move(_database.Path, away);
        _database.Close();
        Assert.False(File.Exists(_database.Path + "-wal"));
        Assert.Single(new ResultReader(away).Trials(Some.Id));
    }

    [Fact]
    public void Readers_that_come_and_go_raise_no_alarm()
    {
        using (_database.Foreign())
        {
            for (var trial = 1; trial <= 50; trial++)
            {
                _ = _database.Reader.Sweeps();
                Assert.Equal(WriteOutcome.Applied, _database.Write(Some.Id, Some.Adding(Some.Trial(trial))));
            }
        }

        Assert.Null(_database.Writer.Trouble);
    }

    [Fact]
    public void A_copy_without_the_log_is_an_older_state_and_whole()
    {
        for (var trial = 1; trial <= 200; trial++)
        {
            _database.Write(Some.Id, Some.Adding(Some.Trial(trial)));
        }

        var copy = _database.Path + ".copied";
        System.Diagnostics.Process.Start("cp", [_database.Path, copy]).WaitForExit();
        using var opened = ResultDatabase.Open(copy, TimeProvider.System);
        Assert.Null(DatabaseCopy.Damage(copy, thorough: true));
        Assert.InRange(new ResultReader(copy).Trials(Some.Id).Count, 0, 199);
    }
}
