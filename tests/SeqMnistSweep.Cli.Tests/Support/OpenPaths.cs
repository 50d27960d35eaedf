using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>Asks every path of a server as somebody without a credential.</summary>
internal static class OpenPaths
{
    /// <param name="open">What answers everybody; all of them must be there.</param>
    /// <returns>How many paths there are.</returns>
    public static async Task<int> CheckAsync(Uri server, IServiceProvider services, string[] open)
    {
        using var stranger = new HttpClient { BaseAddress = new Uri(server, "/") };
        var seen = new List<string>();
        foreach (var endpoint in services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            seen.Add(pattern);
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), PathOf(endpoint));
                request.Content = method is "GET" or "HEAD" ? null : new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await stranger.SendAsync(request);
                Assert.True(
                    (answer.StatusCode == HttpStatusCode.Unauthorized) != open.Contains(pattern),
                    $"{method} {pattern} answers {(int)answer.StatusCode} to somebody without a credential");
            }
        }

        Assert.Empty(open.Except(seen));
        return seen.Count;
    }

    private static string PathOf(RouteEndpoint endpoint) => "/" + string.Join(
        '/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            _ => "1",
        }))));
}
