using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>Whatever is no success says why, in one form.</summary>
public sealed class ErrorBodiesTests : IAsyncLifetime
{
    private AskRig _rig = null!;
    private SweepId _sweep;

    public async Task InitializeAsync()
    {
        _rig = await AskRig.StartAsync();
        _sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    /// <summary>Else a path that exists is answered by the one for all that does not.</summary>
    [Fact]
    public async Task No_path_that_is_read_wants_a_body()
    {
        await using var head = await HttpHead.StartAsync();
        var read = head.Endpoints.Where(one => one.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true).ToList();
        Assert.True(read.Count > 40);
        Assert.DoesNotContain(read, one => one.Metadata.GetMetadata<IAcceptsMetadata>() is not null);
    }

    [Theory]
    [InlineData("sweeps", "{}", 400)]
    [InlineData("sweeps", """{"source":null}""", 400)]
    [InlineData("sweeps", """{"source":5}""", 400)]
    [InlineData("sweeps", "{", 400)]
    [InlineData("sweeps", "null", 400)]
    [InlineData("sweeps", "[]", 400)]
    [InlineData("sweeps", "", 400)]
    [InlineData("sweeps/SWEEP/enqueue", "{}", 409)]
    [InlineData("sweeps/SWEEP/enqueue", """{"point":null}""", 400)]
    [InlineData("sweeps/SWEEP/enqueue", """{"point":{"x":null}}""", 400)]
    [InlineData("sweeps/SWEEP/enqueue", """{"point":[]}""", 400)]
    [InlineData("sweeps/SWEEP/retry", """{"cause":"nonsense"}""", 400)]
    [InlineData("sweeps/SWEEP/retry", """{"trials":null}""", 400)]
    [InlineData("sweeps/SWEEP/retry", """{"trials":["a"]}""", 400)]
    [InlineData("sweeps/SWEEP/edit", """{"edits":null}""", 400)]
    [InlineData("sweeps/SWEEP/edit", """{"edits":{"max_parallel":"x"}}""", 400)]
    [InlineData("sweeps/SWEEP/pause", """{"by":5}""", 400)]
    [InlineData("sweeps/SWEEP/pause", "true", 400)]
    [InlineData("sweeps/SWEEP/ask", "{", 400)]
    [InlineData("sweeps/SWEEP/ask", """{"tags":[null]}""", 400)]
    [InlineData("sweeps/SWEEP/nothing", "{}", 405)]
    [InlineData("query", "{", 400)]
    [InlineData("query", """{"sql":5}""", 400)]
    [InlineData("query", "null", 400)]
    [InlineData("trials/SWEEP/1/cancel", "{", 400)]
    [InlineData("trials/SWEEP/0/cancel", "{}", 409)]
    [InlineData("workers/nobody/drain", "{}", 409)]
    [InlineData("nothing", "{}", 405)]
    public async Task A_body_that_makes_no_sense_is_told_what_is_wrong_with_it(string path, string json, int expected)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _rig.Client.PostAsync(PathOf(path), body);
        await AssertToldAsync(answer, expected);
    }

    [Theory]
    [InlineData("sweeps")]
    [InlineData("sweeps/SWEEP/pause")]
    [InlineData("sweeps/SWEEP/ask")]
    [InlineData("sweeps/SWEEP/report")]
    [InlineData("sweeps/SWEEP/tell")]
    [InlineData("query")]
    public async Task A_body_is_JSON_by_name_too(string path)
    {
        foreach (var type in (string[])["text/plain", "application/x-www-form-urlencoded"])
        {
            using var body = new StringContent("""{"sql":"select 1"}""", Encoding.UTF8, type);
            using var answer = await _rig.Client.PostAsync(PathOf(path), body);
            await AssertToldAsync(answer, 415);
        }
    }

    [Theory]
    [InlineData("nothing", 404)]
    [InlineData("sweeps/none-0000", 404)]
    [InlineData("trials/SWEEP/99999999999999", 404)]
    [InlineData("sweeps/SWEEP/trials?limit=x", 400)]
    [InlineData("sweeps/SWEEP/curves", 400)]
    [InlineData("sweeps/SWEEP/infeasible", 400)]
    [InlineData("live?topics=x", 400)]
    public async Task A_question_that_makes_no_sense_is_told_what_is_wrong_with_it(string path, int expected)
    {
        using var answer = await _rig.Client.GetAsync(PathOf(path));
        await AssertToldAsync(answer, expected);
    }

    [Fact]
    public async Task What_nobody_foresaw_is_told_without_its_inside()
    {
        await using var head = await HttpHead.StartAsync(map: routes => routes.Map("/api/v1/broken", IResult () => throw new InvalidOperationException("the inside")));
        using var answer = await head.Client.GetAsync(new Uri("api/v1/broken", UriKind.Relative));
        Assert.Equal("internal", await AssertToldAsync(answer, 500));
        Assert.DoesNotContain("inside", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Uri PathOf(string path) => new($"api/v1/{path.Replace("SWEEP", _sweep.Value, StringComparison.Ordinal)}", UriKind.Relative);

    /// <returns>The error's code.</returns>
    private static async Task<string> AssertToldAsync(HttpResponseMessage answer, int expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == expected, $"{(int)answer.StatusCode}: {text}");
        var error = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["error"]!;
        Assert.NotEmpty((string)error["message"]!);
        Assert.DoesNotContain("SeqMnistSweep.", text, StringComparison.Ordinal);
        return (string)error["code"]!;
    }
}
