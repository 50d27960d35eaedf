using System.Net;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Hosting;

/// <summary>The whole HTTP interface of a real head, as somebody without a credential meets it.</summary>
public sealed class HeadAccessTests : IDisposable
{
    /// <summary>What answers everybody: health for supervisors, the page without any data, the authority by which a head is known.</summary>
    private static readonly string[] Open = ["/ca", "/healthz/live", "/healthz/ready", "/assets/{name}", "/icon.svg", "/theme.js", "/{**page}"];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Every_path_but_the_few_open_ones_asks_for_a_credential()
    {
        await using var head = await TestHead.StartAsync(_place.Database);
        var count = await OpenPaths.CheckAsync(new Uri(head.Url), head.Services, Open);
        Assert.True(count > 40, $"{count} paths were found");
    }

    [Theory]
    [InlineData("POST", "/api/v1/sweeps/x")]
    [InlineData("DELETE", "/")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("GET", "/healthz/nothing")]
    [InlineData("GET", "//api/v1/sweeps")]
    [InlineData("GET", "/API/V1/SWEEPS")]
    [InlineData("GET", "/metrics")]
    public async Task Nothing_is_told_of_what_is_not_there(string method, string path)
    {
        await using var head = await TestHead.StartAsync(_place.Database);
        using var stranger = new HttpClient { BaseAddress = new Uri(head.Url) };
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(head.Url + path));
        using var answer = await stranger.SendAsync(request);
        Assert.True(
            answer.StatusCode == HttpStatusCode.Unauthorized || answer.Content.Headers.ContentType?.MediaType == "text/html", $"{answer.StatusCode}");
    }
}
