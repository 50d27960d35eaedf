using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>What the gateway and HTTP answer to the same question is the same JSON.</summary>
public sealed class TwoDoorsTests : IAsyncLifetime
{
    private AskRig _rig = null!;
    private SweepId _sweep;

    public async Task InitializeAsync()
    {
        _rig = await AskRig.StartAsync();
        _sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_sweep_stands_the_same()
    {
        await _rig.AskAsync(_sweep);
        var gateway = await Grain.GetStatus(0, CancellationToken.None);
        Assert.NotEmpty(gateway.Running);
        Assert.NotEmpty(gateway.Events);
        var http = await HttpAsync($"sweeps/{_sweep}/status?after=0");

        // It ran on between the two.
        var ran = http!["ran_seconds"]!.GetValue<double>();
        Assert.True(ran >= gateway.RanSeconds, $"{ran} after {gateway.RanSeconds}");
        AssertSame(gateway with { RanSeconds = ran }, http);

        var summary = await HttpAsync($"sweeps/{_sweep}/summary");
        AssertSame(gateway.Running[0].Trial, summary!["running"]![0]!["trial"]);
        AssertSame(gateway.LastEvent, summary["last_event"]);
    }

    [Fact]
    public async Task A_worker_is_described_the_same_and_its_state_has_a_name()
    {
        await _rig.Head.Worker("one").ExchangeAsync();
        var http = await HttpAsync("workers");
        AssertSame(await _rig.Head.Head.GetWorkers(), http);
        Assert.Equal(("one", "ready"), ((string?)http![0]!["worker"], (string?)http[0]!["state"]));
    }

    [Fact]
    public async Task A_sweep_waits_for_the_same_reason() =>
        AssertSame(await _rig.Head.Head.WhyWaits(_sweep), (await HttpAsync($"sweeps/{_sweep}/summary"))!["waits"]);

    [Fact]
    public async Task A_submission_is_answered_the_same()
    {
        using var answer = await _rig.Client.PostAsJsonAsync("api/v1/sweeps", new { source = AskRig.Sweep, by = "ada@lab" });
        var request = new SubmitRequest(AskRig.Sweep, "sweep.yaml", false, ImmutableSortedDictionary<string, string>.Empty, "ada@lab");
        AssertSame(await _rig.Head.Head.Submit(request), JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task An_action_takes_the_same_request_and_is_refused_in_the_same_words()
    {
        using var paused = await _rig.Client.PostAsJsonAsync($"api/v1/sweeps/{_sweep}/pause", new SweepAction("ada@lab", "a hunch"), ResultJson.Options);
        Assert.Equal(204, (int)paused.StatusCode);
        Assert.Equal(SweepState.Paused, (await Grain.GetStatus(0, CancellationToken.None)).State);

        var request = new RetryRequest { Trials = [2], Cause = FailureCause.Crashed, By = "ada@lab", Reason = "again" };
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => Grain.Retry(request));
        using var answer = await _rig.Client.PostAsJsonAsync($"api/v1/sweeps/{_sweep}/retry", request, ResultJson.Options);
        Assert.Equal(refused.Message, (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(ResultJson.Options))!.Error.Message);
    }

    [Fact]
    public async Task A_change_takes_the_same_request()
    {
        var edit = new EditRequest(new SweepAction("ada@lab", "hurry")) { Edits = new SweepEdits { MaxParallel = 3 } };
        using var answer = await _rig.Client.PostAsJsonAsync($"api/v1/sweeps/{_sweep}/edit", edit, ResultJson.Options);
        AssertSame(await Grain.Edit(edit with { Edits = new SweepEdits { MaxParallel = 2 } }), JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_trial_that_no_worker_runs_has_no_progress()
    {
        await _rig.AskAsync(_sweep);
        Assert.Null(await Grain.GetProgress(1));
        using var answer = await _rig.Client.GetAsync($"api/v1/trials/{_sweep}/1/progress");
        Assert.Equal(404, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_log_that_is_not_here_is_somewhere_else_for_both()
    {
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Head.Head.ReadLog(new TrialId(_sweep, 1), 0));
        AssertSame(refused.Message, (await HttpAsync($"trials/{_sweep}/1/log"))!["reason"]);
    }

    private ISweepGrain Grain => _rig.Head.Sweep(_sweep);

    private async Task<JsonNode?> HttpAsync(string path) => JsonNode.Parse(await _rig.Client.GetStringAsync(new Uri($"api/v1/{path}", UriKind.Relative)));

    private static void AssertSame<T>(T gateway, JsonNode? http) =>
        Assert.Equal(JsonSerializer.SerializeToNode(gateway, ResultJson.Options)?.ToJsonString(), http?.ToJsonString());
}
