using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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
        using var stranger = new HttpClient { BaseAddress = new Uri(head.Url) };
        var seen = new List<string>();
        foreach (var endpoint in head.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            seen.Add(pattern);
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), PathOf(endpoint));
                request.Content = method is "GET" or "HEAD" ? null : new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await stranger.SendAsync(request);
                Assert.True(
                    (answer.StatusCode == HttpStatusCode.Unauthorized) != Open.Contains(pattern),
                    $"{method} {pattern} answers {(int)answer.StatusCode} to somebody without a credential");
            }
        }

        Assert.Empty(Open.Except(seen));
        Assert.True(seen.Count > 40, $"{seen.Count} paths were found");
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

    private static string PathOf(RouteEndpoint endpoint) => "/" + string.Join(
        '/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            _ => "1",
        }))));
}
