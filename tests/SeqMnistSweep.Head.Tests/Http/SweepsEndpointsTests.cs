using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using static SeqMnistSweep.Head.Tests.Http.HttpHead;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class SweepsEndpointsTests
{
    [Fact]
    public async Task Rows_arrive_as_the_reader_gives_them()
    {
        await using var head = await StartAsync();
        var reader = head.Store.Reader;

        Assert.Equal(reader.Sweeps(), await head.Client.GetFromJsonAsync<List<SweepRow>>("api/v1/sweeps", ResultJson.Options));
        Assert.Equal(reader.Sweeps()[0], await head.Client.GetFromJsonAsync<SweepRow>($"api/v1/sweeps/{Sweep}", ResultJson.Options));
        Assert.Equal(reader.Trial(new TrialId(Sweep, 2)), await head.Client.GetFromJsonAsync<TrialRow>($"api/v1/trials/{Sweep}/2", ResultJson.Options));
        Assert.Single((await head.Client.GetFromJsonAsync<List<SweepRow>>("api/v1/sweeps?find=rig", ResultJson.Options))!);
        Assert.Empty((await head.Client.GetFromJsonAsync<List<SweepRow>>("api/v1/sweeps?find=other", ResultJson.Options))!);
    }

    [Theory]
    [InlineData("sweeps/rig-0000/leaderboard")]
    [InlineData("sweeps/rig-0000/events?after=3&last=5")]
    [InlineData("sweeps/rig-0000/failures")]
    [InlineData("trials/rig-0000/1/reports")]
    [InlineData("trials/rig-0000/1/events")]
    [InlineData("trials/rig-0000/1/checkpoints")]
    public async Task A_list_of_nothing_is_an_empty_list(string path)
    {
        await using var head = await StartAsync();
        Assert.Equal("[]", await head.Client.GetStringAsync(new Uri($"api/v1/{path}", UriKind.Relative)));
    }

    [Theory]
    [InlineData("sweeps/nosuch-0000", "there is no sweep 'nosuch-0000'")]
    [InlineData("sweeps/%20/trials", "is no sweep id")]
    [InlineData("trials/rig-0000/99", "there is no trial 'rig-0000/99'")]
    [InlineData("trials/rig-0000/0", "is no trial id")]
    public async Task What_is_not_there_is_named(string path, string message)
    {
        await using var head = await StartAsync();
        using var answer = await head.Client.GetAsync(new Uri($"api/v1/{path}", UriKind.Relative));
        var error = (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(ResultJson.Options))!.Error;
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (answer.StatusCode, error.Code));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_values_of_a_query_keep_their_kinds()
    {
        await using var head = await StartAsync();
        var query = new ReadOnlyQuery("select 1, 1.0, 0.1, 1e300, 9e999, -9e999, 9007199254740993, 'a\"b', x'00ff', null");
        var expected = query.Run(head.Store.Reader.Path, TimeProvider.System);

        using var answer = await PostAsync(head, new QueryRequest(query.Sql));
        var found = (await answer.Content.ReadFromJsonAsync<QueryResult>(ResultJson.Options))!;

        Assert.Equal(expected.Columns, found.Columns);
        Assert.Equal(expected.Rows.Single().AsEnumerable(), found.Rows.Single());
    }

    [Theory]
    [InlineData("""{"sql":"select valeu from trials"}""", "no such column: valeu")]
    [InlineData("""{"sql":"drop table trial"}""", "a query only reads")]
    [InlineData("""{"sql":"select 1","max_rows":100001}""", "max_rows is 0 to 100000")]
    [InlineData("""{"sql":"select 1","timeout_ms":3600000}""", "at most 60 s")]
    [InlineData("""{"sql":"with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n","timeout_ms":50}""", "stopped after 0.05 s")]
    [InlineData("""{"sql":null}""", "the body is no query")]
    [InlineData("{", "the body is not the JSON")]
    [InlineData("", "the body is not the JSON")]
    public async Task A_bad_query_is_refused_in_words(string body, string message)
    {
        await using var head = await StartAsync();
        using var answer = await head.Client.PostAsync(new Uri("api/v1/query", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        var error = (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(ResultJson.Options))!.Error;
        Assert.Equal((HttpStatusCode.BadRequest, "usage"), (answer.StatusCode, error.Code));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_is_cut_off_at_the_limit_and_says_so()
    {
        await using var head = await StartAsync();
        using var answer = await PostAsync(head, new QueryRequest("select number from trials", MaxRows: 2));
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(2, json["rows"]!.AsArray().Count);
        Assert.True((bool)json["more"]!);
    }

    [Fact]
    public async Task A_query_ends_in_time_also_within_a_function_of_SQLite()
    {
        await using var head = await StartAsync();
        const string hours = "select instr(printf('%.*c', 1000000, 'a'), printf('%.*c', 900000, 'a') || 'b') + instr(printf('%.*c', 1000000, 'a'), printf('%.*c', 900001, 'a') || 'b') from trials a, trials b, trials c, trials d, trials e";
        using var answer = await PostAsync(head, new QueryRequest(hours, TimeoutMs: 500));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("stopped after 0.5 s", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select zeroblob(1000000), i from n")]
    [InlineData("select printf('%.*c', 500000, char(1)), i from n")]
    [InlineData("select null, null, null, null, null, null, null, null, i from n")]
    public async Task A_large_result_is_cut_off(string sql)
    {
        await using var head = await StartAsync();
        using var answer = await PostAsync(head, new QueryRequest($"with recursive n(i) as (select 1 union all select i + 1 from n) {sql}", MaxRows: 100_000));
        var result = (await answer.Content.ReadFromJsonAsync<QueryResult>(ResultJson.Options))!;
        Assert.True(result.More);
        Assert.Equal(Enumerable.Range(1, result.Rows.Count).Select(i => (object?)(long)i), result.Rows.Select(row => row[^1]));
        Assert.True(result.Rows.Sum(row => row.Sum(cell => 16 + (cell as byte[])?.Length ?? (cell as string)?.Length ?? 0)) <= 32 << 20);
    }

    [Fact]
    public async Task What_a_query_sorts_has_a_limit()
    {
        await using var head = await StartAsync();
        using var answer = await PostAsync(head, new QueryRequest(
            "with recursive n(i) as (select 1 union all select i + 1 from n) select i, hex(randomblob(200000)) as x from n order by x", TimeoutMs: 60_000));
        Assert.Contains("takes too much memory", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_of_a_query_ends_when_its_client_leaves()
    {
        await using var head = await StartAsync();
        const string endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
        using var leave = new CancellationTokenSource();
        var asked = head.Client.PostAsync(
            new Uri("api/v1/query", UriKind.Relative),
            JsonContent.Create(new QueryRequest(endless, TimeoutMs: 60_000), options: ResultJson.Options),
            leave.Token);
        await Until.True(() => Children().Count > 0, () => "no process");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Until.True(() => Children().Count == 0, () => $"left: {string.Join(' ', Children())}");
    }

    [Fact]
    public async Task A_query_that_is_too_long_is_not_read()
    {
        await using var head = await StartAsync();
        using var answer = await PostAsync(head, new QueryRequest($"select '{new string('x', 2 << 20)}'"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Slow_queries_leave_room_for_everything_else()
    {
        await using var head = await StartAsync();
        var slow = Enumerable.Range(0, 6).Select(_ => PostAsync(head, new QueryRequest("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n", TimeoutMs: 1000))).ToList();

        Assert.Single((await head.Client.GetFromJsonAsync<List<SweepRow>>("api/v1/sweeps", ResultJson.Options))!);
        Assert.DoesNotContain(slow, query => query.IsCompletedSuccessfully && query.Result.IsSuccessStatusCode);
        foreach (var query in slow)
        {
            (await query).Dispose();
        }
    }

    [Fact]
    public async Task A_backup_is_the_whole_database_and_leaves_nothing_behind()
    {
        await using var head = await StartAsync();
        var bytes = await head.Client.GetByteArrayAsync(new Uri("api/v1/backup", UriKind.Relative));
        var copy = Path.Combine(head.Folder, "copy.db");
        await File.WriteAllBytesAsync(copy, bytes);

        Assert.Null(DatabaseCopy.Damage(copy));
        Assert.Equal(head.Store.Reader.Trials(Sweep), new ResultReader(copy).Trials(Sweep));
        Assert.Empty(Directory.EnumerateFiles(head.Folder, "*unsent*"));
    }

    [Fact]
    public async Task One_backup_at_a_time_is_sent_without_a_name_on_the_disk()
    {
        await using var head = await StartAsync();
        var large = new SweepRecord { Id = SweepId.Parse("large-0000"), Name = "large", State = SweepState.Completed, Method = "grid", Metric = "value", Maximize = false, Source = new string('x', 40 << 20), Digest = "l", Created = DateTimeOffset.UnixEpoch };
        await head.Store.Writer.WriteAsync(large.Id, [new SweepChange.SweepAdded(large)]);
        var backup = new Uri("api/v1/backup", UriKind.Relative);
        using (var slow = await head.Client.GetAsync(backup, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, slow.StatusCode);
            Assert.Empty(Directory.EnumerateFiles(head.Folder, "*unsent*"));
            using var second = await head.Client.GetAsync(backup);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        }

        await Until.True(async () =>
        {
            using var third = await head.Client.GetAsync(backup);
            return third.IsSuccessStatusCode;
        }, () => "the room of a backup whose reader has left is not free");
    }

    [Fact]
    public async Task What_a_killed_head_left_of_its_backups_goes_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var database = Path.Combine(folder.Path, "sweeps.db");
        const string id = "0123456789abcdef0123456789abcdef";
        string[] left = [$"{database}.unsent-{id}", $"{database}.unsent-{id}.{id}.partial", $"{database}.unsent-{id}.{id}.partial-journal"];
        string[] own = [$"{database}.backup-{id}", $"{database}.unsent-monday", $"other.db.unsent-{id}"];
        foreach (var file in left.Concat(own))
        {
            File.WriteAllText(Path.Combine(folder.Path, file), "");
        }

        (await HeadStore.OpenAsync(database, TimeProvider.System)).Dispose();
        Assert.DoesNotContain(left, File.Exists);
        Assert.All(own, file => Assert.True(File.Exists(Path.Combine(folder.Path, file)), file));
    }

    /// <summary>Processes of queries that this one has started; other tests of this class do not run meanwhile.</summary>
    private static List<int> Children() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && IsQueryOfThis(pid)),
    ];

    private static bool IsQueryOfThis(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains("answer-query", StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{pid}/stat").Split(')')[1].Split(' ')[2] == $"{Environment.ProcessId}";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Task<HttpResponseMessage> PostAsync(HttpHead head, QueryRequest request) =>
        head.Client.PostAsync(new Uri("api/v1/query", UriKind.Relative), JsonContent.Create(request, options: ResultJson.Options));
}
