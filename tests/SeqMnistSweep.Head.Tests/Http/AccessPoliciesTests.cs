using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>Who is let in, and what the others are told.</summary>
public sealed class AccessPoliciesTests
{
    private static readonly Uri Sweeps = new("api/v1/sweeps", UriKind.Relative);

    [Fact]
    public async Task A_path_that_nobody_thought_of_is_closed()
    {
        await using var head = await HttpHead.StartAsync(map: routes => routes.MapGet("/api/v1/forgotten", () => "open"));
        using var stranger = new HttpClient { BaseAddress = head.Url };
        using var answer = await stranger.GetAsync(new Uri("api/v1/forgotten", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("open", await head.Client.GetStringAsync(new Uri("api/v1/forgotten", UriKind.Relative)));
    }

    [Fact]
    public async Task Who_is_not_known_is_told_whose_head_it_is_and_how_to_get_in()
    {
        await using var head = await HttpHead.StartAsync();
        using var stranger = new HttpClient { BaseAddress = head.Url };
        using var answer = await stranger.GetAsync(Sweeps);
        var error = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["error"]!;
        Assert.Equal("unauthenticated", (string)error["code"]!);
        Assert.Contains(Environment.UserName, (string)error["message"]!, StringComparison.Ordinal);
        Assert.Contains("seqsweep open", (string)error["hint"]!, StringComparison.Ordinal);
        Assert.Equal($"realm=\"{Environment.UserName}\"", answer.Headers.WwwAuthenticate.Single().Parameter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("sst1.000000000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sst1..")]
    public async Task A_token_of_nobody_is_none(string token)
    {
        await using var head = await HttpHead.StartAsync();
        using var stranger = new HttpClient { BaseAddress = head.Url };
        stranger.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(Sweeps)).StatusCode);
    }

    [Fact]
    public async Task A_token_is_taken_as_a_whole_only()
    {
        await using var head = await HttpHead.StartAsync();
        using var stranger = new HttpClient { BaseAddress = head.Url };
        foreach (var token in (string[])[head.AdminToken[..^1], head.AdminToken + "A", head.AdminToken[..^1] + "\u00e9", head.AdminToken.ToUpperInvariant()])
        {
            stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Replace("\u00e9", "*", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(Sweeps)).StatusCode);
        }
    }

    [Fact]
    public async Task Where_the_network_is_trusted_nobody_shows_anything()
    {
        await using var head = await HttpHead.StartAsync(change: options => options with { Insecure = true });
        using var stranger = new HttpClient { BaseAddress = head.Url };
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(Sweeps)).StatusCode);
    }
}
