using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Clients;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class AskEndpointsTests : IAsyncLifetime
{
    private AskRig _rig = null!;

    public async Task InitializeAsync() => _rig = await AskRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_sweep_is_asked_for_reported_and_told_to_its_end()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        for (var number = 1; number <= 3; number++)
        {
            var (status, asked) = await _rig.PostAsync($"{sweep}/ask", """{"client":"ada@lab"}""");
            var lease = (string)asked["lease"]!;
            Assert.StartsWith("1.", lease, StringComparison.Ordinal);
            Assert.Equal((200, $"{sweep}/{number}", number, "minimize"), (status, (string)asked["trial"]!, (int)asked["parameters"]!["x"]!, (string)asked["goal"]!));
            var (_, reported) = await _rig.PostAsync($"{sweep}/report", $$$"""{"trial":"{{{sweep}}}/{{{number}}}","lease":"{{{lease}}}","metrics":{"loss":{{{number}}},"val":"NaN"}}""");
            Assert.Equal(("continue", 60.0), ((string)reported["verdict"]!, (double)reported["expires_in"]!));
            var (_, told) = await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{sweep}}/{{number}}","lease":"{{lease}}","value":{{number - 0.5}}}""");
            Assert.Equal(("completed", number - 0.5, number == 3 ? "completed" : "running"), ((string)told["state"]!, (double)told["value"]!, (string)told["sweep_state"]!));
        }

        var (_, over) = await _rig.PostAsync($"{sweep}/ask", "");
        Assert.Equal(("completed", true, true), ((string)over["state"]!, over["trial"] is null, over["retry_after"] is null));
        var stored = _rig.Head.Reader.LoadSweep(sweep)!;
        Assert.Equal(6, stored.Reports.Count);
        Assert.All(stored.Trials, trial => Assert.Equal((TrialState.Completed, "ask:ada@lab"), (trial.State, trial.Worker)));
    }

    [Theory]
    [InlineData("0", "epoch 0 was reported: epochs count from 1")]
    [InlineData("-7", "epoch -7 was reported: epochs count from 1")]
    [InlineData("1e12", "epoch 2147483647 was reported: no trial has more than 100000 epochs")]
    [InlineData("1.5", "epoch 1.5 was reported: an epoch is a whole number from 1")]
    [InlineData("\"last\"", "epoch last was reported: an epoch is a whole number from 1")]
    public async Task A_report_of_an_epoch_that_cannot_be_is_a_bad_request_and_the_lease_lives_on(string epoch, string message)
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var (trial, lease) = await _rig.AskAsync(sweep, "{}");
        foreach (var (verb, words) in new[] { ("report", "\"metrics\":{\"loss\":1}"), ("report", "\"metrics\":{}"), ("tell", "\"value\":1") })
        {
            var (status, body) = await _rig.PostAsync($"{sweep}/{verb}", $$$"""{"trial":"{{{trial}}}","lease":"{{{lease}}}","epoch":{{{epoch}}},{{{words}}}}""");
            Assert.Equal(400, status);
            Assert.Contains(message, (string)body["error"]!["message"]!, StringComparison.Ordinal);
        }

        Assert.Equal((TrialState.Leased, 1, 0), _rig.Head.Reader.LoadSweep(sweep)!.Trials[0] is var row ? (row.State, row.Attempts, row.Failures) : default);
        var (_, reported) = await _rig.PostAsync($"{sweep}/report", $"{{\"trial\":\"{trial}\",\"lease\":\"{lease}\",\"epoch\":\"2.0\",\"metrics\":{{\"loss\":1}}}}");
        Assert.Equal("continue", (string)reported["verdict"]!);
        Assert.Equal(2, _rig.Head.Reader.LoadSweep(sweep)!.Reports.Single().Report.Epoch);
    }

    [Fact]
    public async Task A_question_with_the_same_key_finds_the_same_trial_after_a_restart_too()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var first = await _rig.AskAsync(sweep, """{"key":"k1","lease_seconds":3600}""");
        Assert.Equal(first, await _rig.AskAsync(sweep, """{"key":"k1","lease_seconds":3600}"""));
        Assert.NotEqual(first, await _rig.AskAsync(sweep, """{"key":"k2"}"""));

        await _rig.RestartAsync();
        Assert.Equal(first, await _rig.AskAsync(sweep, """{"key":"k1","lease_seconds":3600}"""));
        var (status, told) = await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{first.Trial}}","lease":"{{first.Lease}}","value":0.5}""");
        Assert.Equal((200, "completed"), (status, (string)told["state"]!));
    }

    [Fact]
    public async Task A_lease_that_runs_out_gives_the_trial_to_the_next_and_fences_the_first()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var (trial, lease) = await _rig.AskAsync(sweep, """{"lease_seconds":1}""");
        await Until.True(() => Task.FromResult(_rig.Head.Reader.LoadSweep(sweep)!.Trials[0].State == TrialState.Queued), () => "the lease does not run out");

        foreach (var (verb, words) in new[] { ("report", ""), ("report", ",\"metrics\":{\"loss\":1}"), ("tell", ",\"value\":1"), ("tell", ",\"state\":\"failed\"") })
        {
            var (status, body) = await _rig.PostAsync($"{sweep}/{verb}", $$"""{"trial":"{{trial}}","lease":"{{lease}}"{{words}}}""");
            Assert.Equal((409, "fenced"), (status, (string)body["error"]!["code"]!));
        }

        var (next, newer) = await _rig.AskAsync(sweep);
        Assert.Equal((trial, "2"), (next, newer.Split('.')[0]));
        Assert.Empty(_rig.Head.Reader.LoadSweep(sweep)!.Reports);
        Assert.Equal(409, (await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{trial}}","lease":"{{lease}}","value":1}""")).Status);
        Assert.Equal(200, (await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{trial}}","lease":"{{newer}}","value":1}""")).Status);
    }

    [Theory]
    [InlineData("""{"state":"completed","value":0.5}""", "completed")]
    [InlineData("""{"state":"failed","cause":"invalid","message":"no such file"}""", "failed")]
    [InlineData("""{"state":"failed","message":"a crash"}""", "queued")]
    [InlineData("""{"state":"released"}""", "queued")]
    public async Task An_end_that_is_told_twice_is_told_once(string words, string state)
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var (trial, lease) = await _rig.AskAsync(sweep);
        var body = $$"""{"trial":"{{trial}}","lease":"{{lease}}",{{words[1..]}}""";
        var (status, first) = await _rig.PostAsync($"{sweep}/tell", body);
        var (again, second) = await _rig.PostAsync($"{sweep}/tell", body);
        Assert.Equal((200, 200, state), (status, again, (string)first["state"]!));
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.True(_rig.Head.Reader.LoadSweep(sweep)!.Reports.Count <= 1);
        Assert.True(_rig.Head.Reader.LoadSweep(sweep)!.Trials[0].Failures <= 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","state":"completed","metrics":{"los":0.5}""")]
    public async Task No_trial_is_told_as_done_without_the_sweeps_metric(string words)
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var (trial, lease) = await _rig.AskAsync(sweep);
        var (status, answer) = await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{trial}}","lease":"{{lease}}"{{words}}}""");
        Assert.Equal(400, status);
        Assert.Contains("it has told no loss", (string)answer["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Empty(_rig.Head.Reader.LoadSweep(sweep)!.Reports);
        Assert.Equal(200, (await _rig.PostAsync($"{sweep}/report", $$$"""{"trial":"{{{trial}}}","lease":"{{{lease}}}","metrics":{"loss":0.5}}""")).Status);
        Assert.Equal(200, (await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{trial}}","lease":"{{lease}}"{{words}}}""")).Status);
    }

    [Fact]
    public async Task The_first_report_of_an_epoch_stands()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var (trial, lease) = await _rig.AskAsync(sweep);
        foreach (var loss in (double[])[0.5, 0.4])
        {
            Assert.Equal(200, (await _rig.PostAsync($"{sweep}/report", $$$"""{"trial":"{{{trial}}}","lease":"{{{lease}}}","epoch":1,"metrics":{"loss":{{{loss}}}}}""")).Status);
        }

        Assert.Equal(0.5, _rig.Head.Reader.LoadSweep(sweep)!.Reports.Single().Report["loss"]);
    }

    [Fact]
    public async Task A_pruned_trial_is_told_to_stop()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep + "\nearly_terminate: {type: median, startup: 1, warmup: 0}\n");
        var (good, first) = await _rig.AskAsync(sweep);
        await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{good}}","lease":"{{first}}","value":0.1}""");
        var (bad, second) = await _rig.AskAsync(sweep);
        var words = $$$"""{"trial":"{{{bad}}}","lease":"{{{second}}}","epoch":1,"metrics":{"loss":9.0}}""";
        for (var i = 0; i < 2; i++)
        {
            var (status, body) = await _rig.PostAsync($"{sweep}/report", words);
            Assert.Equal((200, "stop", true), (status, (string)body["verdict"]!, body["expires_in"] is null));
        }

        var (_, told) = await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{bad}}","lease":"{{second}}"}""");
        Assert.Equal("pruned", (string)told["state"]!);
    }

    [Fact]
    public async Task No_worker_takes_the_trials_of_ask_and_who_asks_takes_a_users_program()
    {
        await _rig.Head.SubmitAsync(AskRig.Sweep);
        Assert.Empty((await _rig.Head.Worker("w", offer: new WorkerOffer { AllowsPrograms = true }).ExchangeAsync()).Grants);

        var program = await _rig.Head.SubmitAsync("{name: p, program: train.py, method: grid, metric: {name: loss}, parameters: {x: {value: 1}}}");
        await _rig.AskAsync(program);
    }

    [Theory]
    [InlineData("ask-none/ask", "{}", 404)]
    [InlineData("no sweep!/ask", "{}", 404)]
    [InlineData("SWEEP/ask", "{", 400)]
    [InlineData("SWEEP/ask", "null", 400)]
    [InlineData("SWEEP/ask", """{"lease_seconds":0}""", 400)]
    [InlineData("SWEEP/ask", """{"lease_seconds":"NaN"}""", 400)]
    [InlineData("SWEEP/ask", """{"client":""}""", 400)]
    [InlineData("SWEEP/report", """{"lease":1}""", 400)]
    [InlineData("SWEEP/report", """{"trial":"SWEEP/1"}""", 400)]
    [InlineData("SWEEP/report", """{"trial":"other-1/1","lease":1}""", 400)]
    [InlineData("SWEEP/report", """{"trial":"SWEEP/99","lease":"1.x"}""", 404)]
    [InlineData("SWEEP/report", """{"trial":"SWEEP/1","lease":"7.x"}""", 409)]
    [InlineData("SWEEP/report", """{"trial":"SWEEP/1","lease":"1.x","metrics":{"loss":NaN}}""", 400)]
    [InlineData("SWEEP/tell", """{"trial":"SWEEP/1","lease":"LEASE","state":"done"}""", 400)]
    [InlineData("SWEEP/tell", """{"trial":"SWEEP/1","lease":"LEASE","state":"failed","cause":"luck"}""", 400)]
    public async Task What_makes_no_sense_is_refused_with_a_reason(string path, string json, int expected)
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var (_, lease) = await _rig.AskAsync(sweep);
        json = json.Replace("SWEEP", sweep.Value, StringComparison.Ordinal).Replace("LEASE", lease, StringComparison.Ordinal);
        var (status, body) = await _rig.PostAsync(path.Replace("SWEEP", sweep.Value, StringComparison.Ordinal), json);
        Assert.Equal(expected, status);
        Assert.NotEmpty((string)body["error"]!["message"]!);
        Assert.Empty(_rig.Head.Reader.LoadSweep(sweep)!.Reports);
    }

    [Theory]
    [InlineData("1", 400)]
    [InlineData("\"1\"", 400)]
    [InlineData("\"1.\"", 409)]
    [InlineData("\"1.AAAAAAAAAAAAAAAAAAAAAAAA\"", 409)]
    [InlineData("\"LEASE \"", 409)]
    [InlineData("\"LEASEA\"", 409)]
    [InlineData("\"OTHER\"", 409)]
    [InlineData("true", 400)]
    [InlineData("[1]", 400)]
    public async Task A_trial_is_told_of_by_who_asked_for_it_alone(string said, int expected)
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var (trial, lease) = await _rig.AskAsync(sweep);
        var (_, other) = await _rig.AskAsync(sweep);
        said = said.Replace("LEASE", lease, StringComparison.Ordinal).Replace("OTHER", other, StringComparison.Ordinal);
        foreach (var (verb, words) in new[] { ("report", ""), ("report", ",\"metrics\":{\"loss\":-1e300}"), ("tell", ",\"value\":-1e300"), ("tell", ",\"state\":\"released\"") })
        {
            var (status, body) = await _rig.PostAsync($"{sweep}/{verb}", $$"""{"trial":"{{trial}}","lease":{{said}}{{words}}}""");
            Assert.Equal(expected, status);
            Assert.NotEmpty((string)body["error"]!["message"]!);
        }

        Assert.Empty(_rig.Head.Reader.LoadSweep(sweep)!.Reports);
        Assert.Equal(200, (await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{trial}}","lease":"{{lease}}","value":1}""")).Status);
    }

    [Fact]
    public async Task What_a_worker_runs_is_not_told_over_HTTP()
    {
        var sweep = await _rig.Head.SubmitAsync("{name: own, program: noop, method: grid, parameters: {x: {values: [1, 2]}}}");
        var worker = _rig.Head.Worker("wk");
        var grant = await worker.StartAsync();
        await worker.ExchangeAsync();
        var (_, lease) = await _rig.AskAsync(sweep);
        foreach (var said in (string[])["1", "\"1\"", $"\"{lease}\""])
        {
            var (status, _) = await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{grant.Trial}}","lease":{{said}},"value":-1e300}""");
            Assert.InRange(status, 400, 409);
        }

        Assert.Equal(TrialState.Running, _rig.Head.Reader.LoadSweep(sweep)!.Trials[0].State);
    }

    [Fact]
    public async Task Nobody_has_a_trial_for_longer_than_an_hour_without_a_word()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        foreach (var life in (string[])["86400", "1e9", "\"Infinity\""])
        {
            var (status, body) = await _rig.PostAsync($"{sweep}/ask", $$"""{"lease_seconds":{{life}}}""");
            Assert.Equal((200, 3600.0), (status, (double)body["expires_in"]!));
        }
    }

    [Fact]
    public async Task The_key_of_a_question_is_not_told_to_others()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        await _rig.AskAsync(sweep, """{"key":"my-secret-key"}""");
        Assert.DoesNotContain("my-secret-key", _rig.Head.Reader.LoadSweep(sweep)!.Trials[0].Incarnation!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_ask_at_once_each_get_a_trial_of_their_own()
    {
        var sweep = await _rig.Head.SubmitAsync("{name: many, program: ask, method: random, run_cap: 200, metric: {name: loss}, parameters: {x: {min: 0.0, max: 1.0}}}");
        var told = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var (trial, lease) = await _rig.AskAsync(sweep);
            Assert.Equal(200, (await _rig.PostAsync($"{sweep}/tell", $$"""{"trial":"{{trial}}","lease":"{{lease}}","value":{{i}}}""")).Status);
            return trial;
        }));
        Assert.Equal(200, told.Distinct().Count());
        Assert.Equal(SweepState.Completed, _rig.Head.Reader.LoadSweep(sweep)!.Sweep.State);
    }

    [Fact]
    public async Task The_client_in_Python_runs_a_sweep_to_its_end()
    {
        var sweep = await _rig.Head.SubmitAsync(RepositoryFiles.Read("sweeps", "examples", "ask_tell.yaml"));
        using var folder = new TestSupport.TemporaryFolder();
        folder.Write(PythonSources.Module, [.. PythonSources.All[PythonSources.Module]]);
        var info = new ProcessStartInfo("/usr/bin/python3", [RepositoryFiles.PathOf("sweeps", "examples", "ask_tell.py"), "ask-tell"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["PYTHONPATH"] = folder[""];
        info.Environment["SEQSWEEP_HEAD"] = _rig.Url.ToString();
        info.Environment["SEQSWEEP_TOKEN"] = _rig.Token;
        using var python = Process.Start(info)!;
        var errors = python.StandardError.ReadToEndAsync();
        var said = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(python.ExitCode == 0, await errors);
        var stored = _rig.Head.Reader.LoadSweep(sweep)!;
        Assert.Equal((SweepState.Completed, 8), (stored.Sweep.State, stored.Trials.Count));
        Assert.Contains(stored.Trials, trial => trial.State == TrialState.Pruned);
        var completed = stored.Trials.Where(trial => trial.State == TrialState.Completed).ToList();
        Assert.Equal(completed.Count + 1, said.Trim().Split('\n').Length);
        Assert.EndsWith(completed.Min(trial => trial.Value)!.Value.ToString("R", CultureInfo.InvariantCulture), said.Trim(), StringComparison.Ordinal);
    }
}
