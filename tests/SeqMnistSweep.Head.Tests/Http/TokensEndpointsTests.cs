using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>What admins give, and what it lets its holder do.</summary>
public sealed class TokensEndpointsTests
{
    [Theory]
    [InlineData("viewer", 200, 403, 403, 403)]
    [InlineData("submitter", 200, 500, 403, 403)]
    [InlineData("operator", 200, 500, 200, 403)]
    [InlineData("admin", 200, 500, 200, 200)]
    public async Task A_role_may_what_those_before_it_may_and_more(string role, int reads, int submits, int backsUp, int lists)
    {
        await using var head = await HttpHead.StartAsync();
        using var client = Client(head, (await CreateAsync(head, "ada", role)).Token);
        Assert.Equal(reads, (int)(await client.GetAsync(At("sweeps"))).StatusCode);
        // 500: this head has no silo to submit to.
        Assert.Equal(submits, (int)(await client.PostAsJsonAsync(At("sweeps"), new { source = "nothing: 1" })).StatusCode);
        Assert.Equal(submits == 403 ? 403 : 400, (int)(await client.PostAsJsonAsync(At("sweeps/import"), new { source = "nothing: 1" })).StatusCode);
        Assert.Equal(backsUp, (int)(await client.GetAsync(At("backup"))).StatusCode);
        Assert.Equal(lists, (int)(await client.GetAsync(At("tokens"))).StatusCode);
        Assert.Equal(role == "admin" ? 404 : 403, (int)(await client.GetAsync(At("datasets/mnist"))).StatusCode);
    }

    [Fact]
    public async Task A_refusal_says_who_one_is_and_what_it_takes()
    {
        await using var head = await HttpHead.StartAsync();
        using var client = Client(head, (await CreateAsync(head, "ada", "viewer")).Token);
        using var answer = await client.PostAsJsonAsync(At("sweeps"), new { source = "x" });
        var message = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["message"]!;
        Assert.Equal("ada is viewer here, and this takes submitter", message);
    }

    [Fact]
    public async Task A_token_that_was_taken_back_lets_nobody_in_and_ends_what_it_opened()
    {
        await using var head = await HttpHead.StartAsync();
        using var client = Client(head, (await CreateAsync(head, "ada", "viewer")).Token);
        using var live = await client.GetAsync(At("live?topics=sweeps"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        var stream = await live.Content.ReadAsStreamAsync();

        using var revoked = await head.Client.PostAsync(At("tokens/ada/revoke"), null);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => stream.CopyToAsync(Stream.Null).WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(At("sweeps"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await head.Client.PostAsync(At("tokens/ada/revoke"), null)).StatusCode);
    }

    [Fact]
    public async Task A_browser_signed_in_by_a_token_is_out_with_it()
    {
        await using var head = await HttpHead.StartAsync();
        using var client = Client(head, (await CreateAsync(head, "ada", "viewer")).Token);
        using var code = await client.PostAsync(At("login/code"), null);
        using var browser = new HttpClient { BaseAddress = head.Url };
        await browser.PostAsJsonAsync(At("login"), new { code = (string)(await code.Content.ReadFromJsonAsync<JsonObject>())!["code"]! });
        Assert.Equal("ada", (string)(await browser.GetFromJsonAsync<JsonObject>(At("me")))!["name"]!);
        await head.Client.PostAsync(At("tokens/ada/revoke"), null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(At("me"))).StatusCode);
    }

    [Fact]
    public async Task Only_its_digest_is_kept_and_no_list_shows_it()
    {
        await using var head = await HttpHead.StartAsync();
        var (token, _) = await CreateAsync(head, "ada", "viewer");
        var secret = token.Split('.')[2];
        Assert.DoesNotContain(secret, await head.Client.GetStringAsync(At("tokens")), StringComparison.Ordinal);
        head.Store.Dispose();
        Assert.All(
            Directory.GetFiles(head.Folder, "sweeps.db*"),
            file => Assert.DoesNotContain(secret, File.ReadAllText(file, System.Text.Encoding.Latin1), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"name":"a\nb","role":"viewer"}""")]
    [InlineData("""{"name":"a/b","role":"viewer"}""")]
    [InlineData("""{"name":"","role":"viewer"}""")]
    [InlineData("""{"role":"viewer"}""")]
    [InlineData("""{"name":"schedule","role":"viewer"}""")]
    [InlineData("""{"name":"ada","role":"king"}""")]
    [InlineData("""{"name":"ada","role":"3"}""")]
    [InlineData("""{"name":"ada"}""")]
    [InlineData("""{"name":"ada","role":"viewer","for_seconds":-1}""")]
    [InlineData("""{"name":"ada","role":"viewer","for_seconds":1e300}""")]
    public async Task What_makes_no_token_is_told(string body)
    {
        await using var head = await HttpHead.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await head.Client.PostAsync(At("tokens"), content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await answer.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["hint"]);
    }

    [Fact]
    public async Task The_audit_tells_who_came_in_and_of_refusals_one_a_minute()
    {
        await using var head = await HttpHead.StartAsync();
        using var stranger = new HttpClient { BaseAddress = head.Url };
        for (var i = 0; i < 20; i++)
        {
            await stranger.GetAsync(At("sweeps"));
        }

        await CreateAsync(head, "ada", "viewer");
        await Until.True(async () => (await AuditAsync(head)).Count == 2, () => "two entries");
        var entries = await AuditAsync(head);
        Assert.Equal((null, "GET /api/v1/sweeps"), ((string?)entries[0]!["who"], (string)entries[0]!["action"]!));
        Assert.StartsWith("401", (string)entries[0]!["outcome"]!, StringComparison.Ordinal);
        Assert.Equal((Environment.UserName, "token create", "done"), ((string)entries[1]!["who"]!, (string)entries[1]!["action"]!, (string)entries[1]!["outcome"]!));
    }

    internal static async Task<(string Token, string Id)> CreateAsync(HttpHead head, string name, string role)
    {
        using var answer = await head.Client.PostAsJsonAsync(At("tokens"), new { name, role });
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        return ((string)body["token"]!, (string)body["info"]!["id"]!);
    }

    private static async Task<JsonArray> AuditAsync(HttpHead head) => (await head.Client.GetFromJsonAsync<JsonArray>(At("audit")))!;

    private static HttpClient Client(HttpHead head, string token)
    {
        var client = new HttpClient { BaseAddress = head.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static Uri At(string path) => new($"api/v1/{path}", UriKind.Relative);
}
