using Dapper;
using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Results.Membership;
using SeqMnistSweep.Results.Tests.Support;

namespace SeqMnistSweep.Results.Tests.Membership;

public sealed class MembershipStoreTests : IDisposable
{
    private readonly TestDatabase _database = new();
    private readonly FakeTimeProvider _time = new(Some.Time);
    private MembershipStore _store;

    public MembershipStoreTests() => _store = Store();

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void A_new_table_is_empty_and_has_version_0()
    {
        var table = _store.Read();

        Assert.Equal(0, table.Version);
        Assert.Empty(table.Rows);
    }

    [Fact]
    public void Rows_and_version_are_there_after_a_restart()
    {
        Insert("a", 0);
        Insert("b", 1);
        Assert.True(_store.UpdateAsync([new MemberRow("a", 1, "{\"x\":2}", Some.Time)], 2).Soon());

        _store.Dispose();
        _database.Restart();
        _store = Store();

        var table = _store.Read();
        Assert.Equal(3, table.Version);
        Assert.Equal([new MemberRow("a", 3, "{\"x\":2}", Some.Time), new MemberRow("b", 2, "{}", Some.Time)], table.Rows);
    }

    [Fact]
    public void An_insert_needs_the_current_version_and_a_new_name()
    {
        Assert.False(Insert("a", 1));
        Assert.True(Insert("a", 0));
        Assert.False(Insert("b", 0));
        Assert.False(Insert("a", 1));

        Assert.Equal(1, _store.Read().Version);
        Assert.Single(_store.Read().Rows);
    }

    [Fact]
    public void An_update_needs_the_current_version_and_every_rows_etag()
    {
        Insert("a", 0);
        Insert("b", 1);

        Assert.False(Update(1, ("a", 1)));
        Assert.False(Update(2, ("a", 1), ("b", 1)));
        Assert.False(Update(2, ("c", 1)));
        Assert.Equal([1, 2], _store.Read().Rows.Select(row => row.Etag));
        Assert.Equal(2, _store.Read().Version);

        Assert.True(Update(2, ("a", 1), ("b", 2)));
        Assert.Equal([3, 3], _store.Read().Rows.Select(row => row.Etag));
        Assert.Equal(3, _store.Read().Version);
    }

    [Fact]
    public void Signs_of_life_are_read_at_once_and_written_together_later()
    {
        Insert("a", 0);
        Insert("b", 1);
        _store.MarkAlive("a", Some.Time.AddSeconds(1));
        _store.MarkAlive("a", Some.Time.AddSeconds(2));
        _store.MarkAlive("a", Some.Time.AddSeconds(-9));
        _store.MarkAlive("b", Some.Time.AddSeconds(1.5));

        Assert.Equal([2, 1.5], Alive());
        Assert.Equal([0, 0], AliveOnDisk());

        _time.Advance(TimeSpan.FromSeconds(5));
        _database.Writer.EnqueueAsync(1, _ => (true, true)).Soon();

        Assert.Equal([2, 1.5], AliveOnDisk());
        Assert.Equal([2, 1.5], Alive());
        Assert.Equal(2, _store.Read().Version);
        Assert.Equal([1, 2], _store.Read().Rows.Select(row => row.Etag));
    }

    [Fact]
    public void Signs_of_life_that_come_later_are_written_too()
    {
        Insert("a", 0);
        for (var round = 1; round <= 3; round++)
        {
            _store.MarkAlive("a", Some.Time.AddSeconds(round));
            _time.Advance(TimeSpan.FromSeconds(5));

            // A write waits for the one before it, which ends on a thread of its own.
            SpinWait.SpinUntil(() => AliveOnDisk()[0] == round, TimeSpan.FromSeconds(30));
            Assert.Equal([round], AliveOnDisk());
        }
    }

    [Fact]
    public void The_last_signs_of_life_are_written_at_the_end()
    {
        Insert("a", 0);
        _store.MarkAlive("a", Some.Time.AddSeconds(1));

        _store.Dispose();

        Assert.Equal([1], AliveOnDisk());
    }

    [Fact]
    public void An_end_after_the_writers_end_is_quiet()
    {
        Insert("a", 0);
        _store.MarkAlive("a", Some.Time.AddSeconds(1));
        _database.Writer.Dispose();

        _store.Dispose();

        Assert.Equal([0], AliveOnDisk());
    }

    [Fact]
    public void An_update_does_not_turn_a_sign_of_life_back()
    {
        Insert("a", 0);
        _store.MarkAlive("a", Some.Time.AddSeconds(3));

        Update(1, ("a", 1));

        Assert.Equal([3], Alive());
    }

    [Fact]
    public void A_sign_of_life_of_an_unknown_silo_is_no_row()
    {
        _store.MarkAlive("nobody", Some.Time);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(_store.Read().Rows);
    }

    [Fact]
    public async Task Only_rows_that_are_as_they_were_seen_are_deleted_and_the_version_stays()
    {
        Insert("a", 0);
        Insert("b", 1);
        Update(2, ("b", 2));

        await _store.DeleteAsync([("a", 1), ("b", 2), ("c", 1)]).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("b", Assert.Single(_store.Read().Rows).Silo);
        Assert.Equal(3, _store.Read().Version);
    }

    [Fact]
    public async Task Readers_see_rows_and_version_of_one_moment()
    {
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                Assert.True(Insert($"s{i}", i));
            }
        });

        while (!writing.IsCompleted)
        {
            var table = _store.Read();
            Assert.Equal(table.Version, table.Rows.Count);
        }

        await writing;
    }

    private MembershipStore Store() => new(_database.Writer, _database.Path, _time);

    private bool Insert(string silo, long expected) => _store.InsertAsync(silo, "{}", Some.Time, expected).Soon();

    private bool Update(long expected, params (string Silo, long Etag)[] rows) =>
        _store.UpdateAsync([.. rows.Select(row => new MemberRow(row.Silo, row.Etag, "{}", Some.Time))], expected).Soon();

    /// <summary>Seconds since the beginning.</summary>
    private IEnumerable<double> Alive() => _store.Read().Rows.Select(row => (row.Alive - Some.Time).TotalSeconds);

    private List<double> AliveOnDisk()
    {
        using var connection = _database.Foreign();
        return connection.Query<string>("select alive from member order by silo").Select(text => (Timestamp.Parse(text) - Some.Time).TotalSeconds).AsList();
    }
}
