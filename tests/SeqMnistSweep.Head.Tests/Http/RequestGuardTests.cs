using System.Net;
using System.Text;
using SeqMnistSweep.Head.Http;
using static SeqMnistSweep.Head.Tests.Http.HttpHead;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>Pages of strangers in a browser that can reach the head.</summary>
public sealed class RequestGuardTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("192.168.1.7", true)]
    [InlineData("localhost", true)]
    [InlineData("head.localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("head", false)] // whoever answers for names on the network gives it to himself
    [InlineData("evil", false)]
    [InlineData("gpu-head.lab.example", true)]
    [InlineData("GPU-HEAD.lab.example.", true)]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("gpu-head.lab.example.evil.example", false)]
    [InlineData("", false)]
    public void A_browser_may_use_addresses_and_the_head_s_own_names(string host, bool allowed) =>
        Assert.Equal(allowed, new HostNames(["gpu-head.lab.example"]).Allows(host, isOfProgram: false));

    [Theory]
    [InlineData("head", true)]
    [InlineData("evil.example", false)]
    [InlineData("", false)]
    public void A_program_may_use_a_bare_name_too(string host, bool allowed) => Assert.Equal(allowed, new HostNames([]).Allows(host, isOfProgram: true));

    [Theory]
    [InlineData("GET", "api/v1/sweeps", "Host", "evil.example", 421)]
    [InlineData("GET", "", "Host", "evil.example", 421)]
    [InlineData("GET", "api/v1/sweeps", "Host", "box.lab.example", 200)]
    [InlineData("GET", "api/v1/sweeps", "Host", "box", 200)] // the client shows a token
    [InlineData("GET", "api/v1/sweeps", "Origin", "https://{own}", 403)]
    [InlineData("POST", "api/v1/query", "Origin", "http://evil.example", 403)]
    [InlineData("POST", "api/v1/query", "Origin", "null", 403)]
    [InlineData("GET", "api/v1/sweeps", "Origin", "http://evil.example", 403)]
    [InlineData("GET", "api/v1/live?topics=sweeps", "Origin", "http://localhost:1", 403)]
    [InlineData("GET", "api/v1/sweeps", "Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("POST", "api/v1/query", "Sec-Fetch-Site", "same-site", 403)]
    [InlineData("PUT", "api/v1/checkpoints/a-0000/1/x", "Origin", "http://evil.example", 403)]
    [InlineData("POST", "api/v1/query", "Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("POST", "api/v1/query", "X-Nothing", "said", 200)] // no browser
    public async Task Strangers_are_kept_out(string method, string path, string header, string value, int status)
    {
        await using var head = await StartAsync(change: options => options with { AllowedHosts = ["box.lab.example"] });
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value.Replace("{own}", head.Url.Authority, StringComparison.Ordinal));
        if (method != "GET")
        {
            request.Content = new StringContent("""{"sql":"select 1"}""", Encoding.UTF8, "application/json");
        }

        using var answer = await head.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_browser_under_a_bare_name_of_a_stranger_gets_nothing()
    {
        await using var head = await StartAsync();
        using var browser = new HttpClient { BaseAddress = head.Url };
        foreach (var path in new[] { "", "api/v1/sweeps", "api/v1/login" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.Host = $"evil:{head.Url.Port}";
            using var answer = await browser.SendAsync(request);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_head_s_own_page_may_ask()
    {
        await using var head = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/sweeps", UriKind.Relative));
        request.Headers.Add("Origin", head.Url.GetLeftPart(UriPartial.Authority));
        using var answer = await head.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Every_page_is_the_dashboard_under_a_strict_policy_and_everything_it_needs_is_there()
    {
        await using var head = await StartAsync();
        using var answer = await head.Client.GetAsync(new Uri("s/rig-0000/trials", UriKind.Relative));
        var html = await answer.Content.ReadAsStringAsync();
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        foreach (var part in System.Text.RegularExpressions.Regex.Matches(html, "(?:src|href)=\"(/[^\"]+)\"").Select(match => match.Groups[1].Value))
        {
            using var file = await head.Client.GetAsync(new Uri(part, UriKind.Relative));
            Assert.True(file.IsSuccessStatusCode, part);
            Assert.NotEqual("text/html", file.Content.Headers.ContentType?.MediaType);
        }

        using var missing = await head.Client.GetAsync(new Uri("api/v1/nosuch", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
