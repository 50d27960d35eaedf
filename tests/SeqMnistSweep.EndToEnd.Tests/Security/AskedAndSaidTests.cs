using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S11, S12, S21, S23: what somebody tells of trials that are not theirs, and what they make a head store and log.</summary>
public sealed class AskedAndSaidTests : IAsyncLifetime, IDisposable
{
    private const string Own = "{name: own, program: noop, method: grid, parameters: {x: {values: [1, 2]}, sleep_ms: {value: 60000}}}";

    private readonly Fleet _fleet = new();
    private readonly HttpClient _client = new();

    public async Task InitializeAsync()
    {
        await _fleet.StartHeadAsync();
        _client.BaseAddress = new Uri(_fleet.Url);
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await _fleet.TokenAsync());
    }

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_trial_that_a_worker_runs_is_not_told_of_over_HTTP()
    {
        var sweep = await _fleet.SubmitAsync(Own);
        await _fleet.StartWorkerAsync("wk", "--slots", "1");
        await _fleet.UntilAsync(() => _fleet.Load(sweep).Trials.Any(trial => trial.State == TrialState.Running), "a running trial");

        Assert.Equal(400, (await PostAsync($"sweeps/{sweep}/tell", $$"""{"trial":"{{sweep}}/1","lease":1,"value":-1e300}""")).Status);
        Assert.Equal(409, (await PostAsync($"sweeps/{sweep}/tell", $$"""{"trial":"{{sweep}}/1","lease":"1.AAAAAAAAAAAAAAAAAAAAAAAA","value":-1e300}""")).Status);
        Assert.Equal(TrialState.Running, _fleet.Load(sweep).Trials[0].State);

        var (status, asked) = await PostAsync($"sweeps/{sweep}/ask", """{"lease_seconds":86400}""");
        Assert.Equal((200, 3600.0), (status, (double)asked["expires_in"]!));
    }

    [Fact]
    public async Task A_lease_is_told_after_the_head_was_killed_too()
    {
        var sweep = await _fleet.SubmitAsync("{name: ask, program: ask, method: grid, metric: {name: loss}, parameters: {x: {values: [1, 2]}}}");
        var (_, asked) = await PostAsync($"sweeps/{sweep}/ask", """{"lease_seconds":600}""");
        _fleet.Head.Signal("KILL");
        await _fleet.StartHeadAsync();
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await _fleet.TokenAsync());
        var (status, told) = await PostAsync($"sweeps/{sweep}/tell", $$"""{"trial":"{{asked["trial"]}}","lease":"{{asked["lease"]}}","value":0.5}""");
        Assert.Equal((200, "completed"), (status, (string?)told["state"]));
    }

    [Fact]
    public async Task Nobody_forges_a_line_of_the_log_or_fills_it_with_refusals()
    {
        await _fleet.StartWorkerAsync("wk");
        var log = Path.Combine(_fleet.Folder("head"), ".seqsweep", "logs", "head.log");
        await _fleet.UntilAsync(() => File.ReadAllText(log).Contains("wk joined", StringComparison.Ordinal), "the worker");
        var forged = """{"by":"root@prod\n20:00:00  error: the head was compromised\r","reason":"because"}""";
        Assert.Equal(400, (await PostAsync("workers/wk/drain", forged)).Status);
        using var drained = await SendAsync("workers/wk/drain", """{"by":"ada@lab","reason":"\u001b]0;owned\u0007\u001b[31mred\n20:00:00  error: forged"}""");
        Assert.Equal(204, (int)drained.StatusCode);
        await _fleet.UntilAsync(() => File.ReadAllText(log).Contains("forged", StringComparison.Ordinal), "a line of the log");

        var before = new FileInfo(log).Length;
        for (var i = 0; i < 100; i++)
        {
            foreach (var (path, body) in new[] { ("sweeps/none-0000/pause", "{}"), ("sweeps", "{}"), ("sweeps", "{"), ("sweeps/none-0000/retry", """{"cause":"nonsense"}""") })
            {
                var (status, answer) = await PostAsync(path, body);
                Assert.InRange(status, 400, 499);
                Assert.NotEmpty((string)answer["error"]!["message"]!);
            }
        }

        Assert.InRange(new FileInfo(log).Length - before, 0, 2000);
        foreach (var text in (string[])[await File.ReadAllTextAsync(log), _fleet.Head.Error])
        {
            Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter is not '\n');
            Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("20:00:00  error", StringComparison.Ordinal));
        }
    }

    private async Task<(int Status, JsonObject Body)> PostAsync(string path, string json)
    {
        using var answer = await SendAsync(path, json);
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    private Task<HttpResponseMessage> SendAsync(string path, string json) =>
        _client.PostAsync(new Uri($"api/v1/{path}", UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
}
