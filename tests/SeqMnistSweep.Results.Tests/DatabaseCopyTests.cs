using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Tests.Support;

namespace SeqMnistSweep.Results.Tests;

public sealed class DatabaseCopyTests : IDisposable
{
    private readonly TestDatabase _database = new();

    private string Target => _database.Path + ".copy";

    public void Dispose() => _database.Dispose();

    [Fact]
    public void A_copy_holds_what_was_committed_and_the_head_writes_on()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1)));
        Assert.Equal(DatabaseCopy.Write(_database.Path, Target), new FileInfo(Target).Length);
        _database.Write(Some.Id, Some.Adding(Some.Trial(2)));

        Assert.Single(new ResultReader(Target).Trials(Some.Id));
        Assert.Equal(2, _database.Reader.Trials(Some.Id).Count);
        Assert.Equal([Path.GetFileName(Target)], Directory.EnumerateFiles(Path.GetDirectoryName(Target)!, "*copy*").Select(Path.GetFileName));
    }

    [Fact]
    public void What_is_there_is_never_overwritten()
    {
        File.WriteAllText(Target, "mine");
        var error = Assert.Throws<DatabaseException>(() => DatabaseCopy.Write(_database.Path, Target));
        Assert.Contains("exists already", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Target));
    }

    [Fact]
    public void A_copy_that_arrived_damaged_is_not_kept_as_one()
    {
        for (var number = 1; number <= 50; number++)
        {
            _database.Write(Some.Id, number == 1 ? [Some.Adding(Some.Sweep()), Some.Adding(Some.Trial(1))] : [Some.Adding(Some.Trial(number))]);
        }

        var partial = Target + ".partial";
        DatabaseCopy.Write(_database.Path, partial);
        var bytes = File.ReadAllBytes(partial);
        bytes.AsSpan(4096, 8 * 4096).Fill(0xA5);
        File.WriteAllBytes(partial, bytes);

        Assert.Throws<DatabaseException>(() => DatabaseCopy.Place(partial, Target));
        Assert.False(File.Exists(Target));
    }
}
