using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>How a browser gets in.</summary>
public sealed class LoginEndpointsTests
{
    private static readonly Uri Me = new("api/v1/me", UriKind.Relative);

    [Fact]
    public async Task A_link_lets_one_browser_in_once_and_its_cookie_is_no_script_s()
    {
        await using var head = await HttpHead.StartAsync();
        var code = await CodeAsync(head);
        using var browser = Browser(head);
        using var answer = await LoginAsync(browser, code);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Environment.UserName, (string)(await browser.GetFromJsonAsync<JsonObject>(Me))!["name"]!);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri("api/v1/sweeps", UriKind.Relative))).StatusCode);

        using var another = Browser(head);
        Assert.Equal(HttpStatusCode.Unauthorized, (await LoginAsync(another, code)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await another.GetAsync(Me)).StatusCode);
    }

    [Fact]
    public async Task Who_guesses_is_held_up_and_holds_nobody_else_up()
    {
        await using var head = await HttpHead.StartAsync();
        using var guesser = Browser(head);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 7; i++)
        {
            answers.Add((await LoginAsync(guesser, $"guess-{i}")).StatusCode);
        }

        Assert.Equal(5, answers.TakeWhile(status => status == HttpStatusCode.Unauthorized).Count());
        Assert.All(answers.Skip(5), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync(guesser, await CodeAsync(head))).StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"code":null}""")]
    [InlineData("""{"code":""}""")]
    public async Task Nothing_is_no_code(string body)
    {
        await using var head = await HttpHead.StartAsync();
        using var browser = Browser(head);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync(new Uri("api/v1/login", UriKind.Relative), content)).StatusCode);
    }

    [Fact]
    public async Task The_keys_of_cookies_are_the_owner_s_alone()
    {
        await using var head = await HttpHead.StartAsync();
        using var browser = Browser(head);
        await LoginAsync(browser, await CodeAsync(head));
        if (OperatingSystem.IsWindows()) return;

        var folder = Path.Combine(head.Folder, "pki", "keys");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        var file = Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_browser_that_signs_out_is_a_stranger()
    {
        await using var head = await HttpHead.StartAsync();
        using var browser = Browser(head);
        await LoginAsync(browser, await CodeAsync(head));
        await browser.PostAsync(new Uri("api/v1/logout", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(Me)).StatusCode);
    }

    private static HttpClient Browser(HttpHead head) => new(new HttpClientHandler()) { BaseAddress = head.Url };

    private static async Task<string> CodeAsync(HttpHead head)
    {
        using var answer = await head.Client.PostAsync(new Uri("api/v1/login/code", UriKind.Relative), null);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!;
    }

    private static Task<HttpResponseMessage> LoginAsync(HttpClient browser, string code) =>
        browser.PostAsJsonAsync(new Uri("api/v1/login", UriKind.Relative), new { code });
}
