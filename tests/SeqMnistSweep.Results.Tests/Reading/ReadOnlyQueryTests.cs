using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Tests.Support;

namespace SeqMnistSweep.Results.Tests.Reading;

public sealed class ReadOnlyQueryTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public ReadOnlyQueryTests() => _database.Write(
        Some.Id, [Some.Adding(Some.Sweep()), .. Enumerable.Range(1, 10).Select(n => Some.Adding(Some.Completed(n, n)))]);

    public void Dispose() => _database.Dispose();

    private QueryResult Run(string sql, int rows = 1000, double seconds = 10) =>
        new ReadOnlyQuery(sql, rows) { Timeout = TimeSpan.FromSeconds(seconds) }.Run(_database.Path, TimeProvider.System);

    [Theory]
    [InlineData("select * from sweeps")]
    [InlineData("select * from trials;")]
    [InlineData("select * from reports ; -- a comment\n")]
    [InlineData("/* first */ select * from leaderboard")]
    [InlineData("select * from events union all select * from events")]
    [InlineData("select json_extract(params, '$.lr') as lr, avg(value), sqrt(2) from trials group by 1")]
    [InlineData("with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select * from n")]
    [InlineData("pragma table_info(trials)")]
    [InlineData("explain query plan select * from trials")]
    [InlineData("select name from sqlite_schema where type = 'view'")]
    [InlineData("values (1, 2)")]
    public void Reading_is_allowed(string sql) => Assert.NotEmpty(Run(sql).Columns);

    [Theory]
    [InlineData("insert into meta values ('a', 'b')")]
    [InlineData("delete from trial")]
    [InlineData("update sweep set name = 'x'")]
    [InlineData("drop table report")]
    [InlineData("create table x (a)")]
    [InlineData("create temp table x (a)")]
    [InlineData("create temp view x as select 1")]
    [InlineData("attach '/tmp/other.db' as other")]
    [InlineData("detach main")]
    [InlineData("vacuum")]
    [InlineData("vacuum into '/tmp/copy.db'")]
    [InlineData("pragma query_only = off")]
    [InlineData("pragma journal_mode = delete")]
    [InlineData("pragma user_version = 7")]
    [InlineData("pragma writable_schema = on")]
    [InlineData("pragma trusted_schema = on")]
    [InlineData("pragma wal_checkpoint(truncate)")]
    [InlineData("select load_extension('/tmp/x.so')")]
    [InlineData("begin immediate")]
    [InlineData("savepoint x")]
    [InlineData("commit")]
    [InlineData("reindex")]
    [InlineData("analyze")]
    [InlineData("with x as (select 1) delete from trial")]
    [InlineData("explain delete from trial")]
    [InlineData("delete from trials")]
    [InlineData("  UPDATE trials set value = 1")]
    [InlineData("insert into meta values ('a', 'b') returning key")]
    public void Anything_else_is_refused_in_words(string sql)
    {
        var error = Assert.Throws<QueryException>(() => Run(sql));
        Assert.Contains("only reads", error.Message, StringComparison.Ordinal);
        Assert.Equal(10, _database.Reader.Trials(Some.Id).Count);
    }

    [Theory]
    [InlineData("select 1; select 2", "one statement")]
    [InlineData("select 1; delete from trial", "one statement")]
    [InlineData("select 1; nonsense", "one statement")]
    [InlineData("", "empty")]
    [InlineData(" -- nothing", "empty")]
    [InlineData("select zeroblob(1000000000)", "too big")]
    public void What_is_no_single_query_is_refused(string sql, string message) =>
        Assert.Contains(message, Assert.Throws<QueryException>(() => Run(sql)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_error_says_where_it_is()
    {
        var error = Assert.Throws<QueryException>(() => Run("select 'é', valeu from trials"));
        Assert.Contains("no such column: valeu", error.Message, StringComparison.Ordinal);
        Assert.Equal(12, error.Position);
    }

    [Fact]
    public void An_endless_query_is_stopped_in_time()
    {
        var error = Assert.Throws<QueryException>(() => Run("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n", seconds: 0.2));
        Assert.Contains("stopped after 0.2 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_query_ends()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.ThrowsAny<OperationCanceledException>(() => new ReadOnlyQuery("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n")
            .Run(_database.Path, TimeProvider.System, cancelled.Token));
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(9, 9, true)]
    [InlineData(10, 10, false)]
    [InlineData(11, 10, false)]
    [InlineData(0, 0, true)]
    public void The_row_limit_says_truly_whether_there_is_more(int limit, int rows, bool more)
    {
        var result = Run("select number from trials order by number", limit);
        Assert.Equal((rows, more), (result.Rows.Count, result.More));
    }

    [Theory]
    [InlineData("pragma database_list")]
    [InlineData("select file from pragma_database_list")]
    [InlineData("select * from member")]
    [InlineData("select count(*) from MEMBER")]
    [InlineData("select (select max(entry) from member)")]
    [InlineData("with x as (select m.* from member as m) select * from x")]
    public void What_lets_people_in_and_where_the_file_lies_is_closed(string sql) =>
        Assert.Contains("is not allowed", Assert.Throws<QueryException>(() => Run(sql)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("zeroblob(1000)", 32_000, 31)]
    [InlineData("printf('%.*c', 1000, 'a')", 32_000, 31)]
    [InlineData("null", 1600, 100)]
    public void A_result_is_cut_off_at_its_bytes_and_says_so(string value, long bytes, int rows)
    {
        var limits = QueryLimits.OfOwner with { Result = bytes };
        var result = new ReadOnlyQuery($"with recursive n(i) as (select 1 union all select i + 1 from n) select {value} from n") { Limits = limits }
            .Run(_database.Path, TimeProvider.System);
        Assert.Equal((rows, true), (result.Rows.Count, result.More));
    }

    [Fact]
    public void No_value_is_larger_than_its_limit()
    {
        var query = new ReadOnlyQuery("select zeroblob(1001)") { Limits = QueryLimits.OfOwner with { Value = 1000 } };
        Assert.Contains("too big", Assert.Throws<QueryException>(() => query.Run(_database.Path, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_keep_their_kinds()
    {
        var row = Assert.Single(Run("select 1, 1.0, 'a', null, x'00ff'").Rows);
        Assert.Equal(1L, row[0]);
        Assert.Equal(1.0, row[1]);
        Assert.Equal("a", row[2]);
        Assert.Null(row[3]);
        Assert.Equal(new byte[] { 0, 255 }, row[4]);
    }

    [Fact]
    public void It_works_without_a_head()
    {
        _database.Close();
        Assert.Equal(10L, Run("select count(*) from trials").Rows[0][0]);
    }

    [Fact]
    public void A_missing_file_is_not_created()
    {
        var path = _database.Path + ".not";
        Assert.Throws<DatabaseMissingException>(() => new ReadOnlyQuery("select 1").Run(path, TimeProvider.System));
        Assert.False(File.Exists(path));
    }
}
