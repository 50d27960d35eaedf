using System.Net;
using System.Text;
using SeqMnistSweep.Grains.Membership;
using SeqMnistSweep.Worker.Membership;

namespace SeqMnistSweep.Head.Tests.Membership;

#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime
public sealed class HttpMembershipTableTests : MembershipTableContract
#pragma warning restore CA1001
{
    private TableRig? _rig;
    private HttpRig? _http;

    public override async Task DisposeAsync()
    {
        if (_http is not null)
        {
            await _http.DisposeAsync();
        }

        _rig?.Dispose();
    }

    [Fact]
    public async Task Nobody_but_the_head_touches_the_heads_own_row()
    {
        var head = Silo();
        head.SiloAddress = _rig!.Self;
        Assert.False(await InsertAsync(head, await ReadAsync()));
        Assert.True(await _rig.Table.InsertRowAsync(head, (await ReadAsync()).Version.Next(), default));
        var before = await ReadAsync();
        Time.Advance(TimeSpan.FromSeconds(5));

        head.Status = SiloStatus.Dead;
        Assert.False(await UpdateAsync(head, before));
        await Table.UpdateIAmAliveAsync(head, default);

        var row = Assert.Single((await ReadAsync()).Members).Item1;
        Assert.Equal(SiloStatus.Active, row.Status);
        Assert.Equal(Time.GetUtcNow().UtcDateTime.AddSeconds(-5), row.IAmAliveTime);
        Assert.True(await _rig.Table.UpdateRowAsync(head, Etag(before, head), before.Version.Next(), default));
    }

    [Fact]
    public async Task An_earlier_start_of_the_head_is_a_row_like_any_other()
    {
        var earlier = Silo();
        earlier.SiloAddress = SiloAddress.New(_rig!.Self.Endpoint, _rig.Self.Generation - 1);
        Assert.True(await InsertAsync(earlier, await ReadAsync()));
        earlier.Status = SiloStatus.Dead;
        Assert.True(await UpdateAsync(earlier, await ReadAsync()));
    }

    [Theory]
    [InlineData("insert", "", "JSON")]
    [InlineData("insert", "null", "null")]
    [InlineData("insert", "{", "JSON")]
    [InlineData("insert", "[]", "JSON")]
    [InlineData("insert", """{"version":0}""", "entry")]
    [InlineData("insert", """{"version":0,"entry":null}""", "entry")]
    [InlineData("alive", """{"silo":"nowhere"}""", "is no silo address")]
    [InlineData("alive", """{"silo":"S127.0.0.1:1:1","time":1}""", "time")]
    [InlineData("cleanup", """{"before":"yesterday"}""", "before")]
    public async Task Bad_input_is_answered_with_the_reason(string verb, string body, string reason)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http!.Http.PostAsync($"api/v1/membership/{verb}", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_status_that_does_not_exist_is_refused_with_those_that_do()
    {
        var json = MemberEntry.From(Silo()).ToJson();
        foreach (var status in (string[])["Alive", "3", "active", "Active, Dead"])
        {
            using var content = new StringContent($$"""{"version":0,"entry":{{json.Replace("Active", status)}}}""", Encoding.UTF8, "application/json");
            using var response = await _http!.Http.PostAsync("api/v1/membership/insert", content);

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("ShuttingDown", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_body_of_another_kind_or_size_is_refused()
    {
        using var text = new StringContent("{}");
        using var large = new StringContent($$"""{"silo":"{{new string('x', 1 << 17)}}"}""", Encoding.UTF8, "application/json");
        using var chunked = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"silo":"{{new string('x', 1 << 17)}}"}""")));
        chunked.Headers.ContentType = new("application/json");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _http!.Http.PostAsync("api/v1/membership/alive", text)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _http.Http.PostAsync("api/v1/membership/alive", large)).StatusCode);
        _http.Http.DefaultRequestHeaders.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _http.Http.PostAsync("api/v1/membership/alive", chunked)).StatusCode);
    }

    [Fact]
    public async Task A_query_that_names_no_silo_is_refused()
    {
        using var response = await _http!.Http.GetAsync("api/v1/membership?silo=x");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_head_that_is_down_is_an_error_that_names_it_and_its_return_is_noticed()
    {
        await InsertAsync(Silo(), await ReadAsync());
        var address = _http!.Address;
        await _http.DisposeAsync();
        var client = Worker(address);

        var error = await Assert.ThrowsAsync<HeadUnreachableException>(() => client.ReadAllAsync(default));
        Assert.Contains(address.ToString(), error.Message);
        await Assert.ThrowsAsync<HeadUnreachableException>(() => client.UpdateIAmAliveAsync(Silo(), default));

        var waiting = client.InitializeMembershipTableAsync(true, default);
        Assert.False(waiting.IsCompleted);
        _http = await HttpRig.StartAsync(_rig!, address.ToString());
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Single((await client.ReadAllAsync(default)).Members);
    }

    [Fact]
    public async Task A_head_that_does_not_answer_in_time_is_an_error_too()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var http = WorkerMembership.Client(new Uri($"http://{silent.LocalEndpoint}"));
        http.Timeout = TimeSpan.FromMilliseconds(100);
        using var client = Worker(http);

        var error = await Assert.ThrowsAsync<HeadUnreachableException>(() => client.ReadAllAsync(default));
        Assert.Contains("no answer within 0.1 s", error.Message);
    }

    [Fact]
    public async Task A_server_that_is_no_head_is_named_as_such()
    {
        using var client = Worker(new Uri(_http!.Address, "elsewhere/"));

        var error = await Assert.ThrowsAsync<HeadUnreachableException>(() => client.ReadAllAsync(default));
        Assert.Contains("404", error.Message);
    }

    [Fact]
    public async Task Giving_up_the_wait_for_the_head_is_no_error_of_the_head()
    {
        using var client = Worker(new Uri(_http!.Address, "elsewhere/"));
        using var giveUp = new CancellationTokenSource();

        var waiting = client.InitializeMembershipTableAsync(true, giveUp.Token);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    protected override async Task<IMembershipTable> CreateAsync()
    {
        _rig = new TableRig(Time);
        _http = await HttpRig.StartAsync(_rig);
        return _http.Client;
    }

    private static HttpMembershipTable Worker(Uri head) => Worker(WorkerMembership.Client(head));

    private static HttpMembershipTable Worker(HttpClient http) =>
        new(http, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<HttpMembershipTable>.Instance);
}
