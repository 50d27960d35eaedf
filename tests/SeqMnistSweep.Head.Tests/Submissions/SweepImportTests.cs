using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Head.Tests.Http;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Submissions;

public sealed class SweepImportTests
{
    private const string Source = "{name: old, method: bayes, program: ask, run_cap: 2, metric: {name: loss, goal: minimize}, parameters: {x: {min: 0.0, max: 1.0}}}";

    private static readonly Uri Path = new("api/v1/sweeps/import", UriKind.Relative);

    [Fact]
    public async Task A_sweep_from_elsewhere_has_ended_with_its_trials_and_its_curves()
    {
        await using var head = await HttpHead.StartAsync();
        using var answer = await head.Client.PostAsync(Path, Body("""
            [{"name":"calm-1","parameters":"{\"x\":0.5}","state":"completed","value":0.25,"value_epoch":2,
              "reports":[{"epoch":1,"metrics":{"loss":0.5}},{"epoch":2,"metrics":{"loss":0.25,"acc":"NaN"}}],"steps":[{"step":0,"metrics":{"lr":0.1}}],
              "started":"2026-01-01T10:00:00Z","finished":"2026-01-01T11:00:00Z"},
             {"parameters":"{\"x\":0.1}","state":"failed","cause":"diverged","message":"NaN"}]
            """));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var reply = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        var id = SweepId.Parse((string)reply["sweep"]!);
        Assert.Equal(("completed", 2, 2), ((string)reply["state"]!, (int)reply["trials"]!, (int)reply["reports"]!));

        var sweep = head.Store.Reader.Sweep(id)!;
        Assert.Equal(("completed", "loss", "imported from runs.csv", 1.0), (sweep.State, sweep.Metric, sweep.Reason, sweep.SlotHours));
        var best = Assert.Single(head.Store.Reader.Leaderboard(id, 10));
        Assert.Equal(($"{id}/1", 0.25, 2L), (best.Trial, best.Value, best.Epoch));
        var failed = head.Store.Reader.Trial(new TrialId(id, 2))!;
        Assert.Equal(("failed", "diverged"), (failed.State, failed.Cause));
        Assert.Contains("runs.csv", head.Store.Reader.Events(id).Single().Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "'trials' is a list")]
    [InlineData("[null]", "it is missing")]
    [InlineData("""[{"parameters":"{}","state":"running"}]""", "has ended")]
    [InlineData("""[{"parameters":"{}","state":"completed","reports":[{"epoch":0,"metrics":{}}]}]""", "there is no epoch 0")]
    [InlineData("""[{"parameters":"{}","state":"completed","reports":[{"epoch":2,"metrics":{}},{"epoch":1,"metrics":{}}]}]""", "ascend")]
    [InlineData("""[{"parameters":"{}","state":"completed","reports":[{"epoch":1,"metrics":null}]}]""", "'metrics' is missing")]
    [InlineData("""[{"parameters":"{}","state":"completed","reports":[{"epoch":1,"metrics":{"a\u001b":1}}]}]""", "control characters")]
    [InlineData("""[{"parameters":"{}","state":"completed","steps":[{"step":-1,"metrics":{}}]}]""", "steps from 0")]
    [InlineData("""[{"parameters":"{}","state":"completed","value":"NaN"}]""", "'value' is a finite number")]
    [InlineData("""[{"parameters":"{}","state":"completed","name":"a\nb"}]""", "control characters")]
    [InlineData("""[{"parameters":"{}","state":"completed","reports":null}]""", "not of that kind")]
    [InlineData("""[{"state":"completed"}]""", "")]
    public async Task What_could_not_be_stored_is_refused_as_a_whole(string trials, string message)
    {
        await using var head = await HttpHead.StartAsync();
        using var answer = await head.Client.PostAsync(Path, Body(trials));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(message, (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Single(head.Store.Reader.Sweeps());
    }

    [Fact]
    public async Task A_file_that_is_none_is_refused()
    {
        await using var head = await HttpHead.StartAsync();
        using var answer = await head.Client.PostAsync(Path, Body("""[{"parameters":"{}","state":"completed"}]""", "method: none\n"));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Single(head.Store.Reader.Sweeps());
    }

    private static StringContent Body(string trials, string source = Source) => new(
        $$"""{"source":{{System.Text.Json.JsonSerializer.Serialize(source)}},"file_name":"runs.csv","by":"ada@lab","trials":{{trials}}}""", System.Text.Encoding.UTF8, "application/json");
}
