using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>What clients ask of sweeps, through the grains and into the database.</summary>
public sealed class SteeringTests : IAsyncLifetime
{
    private const string Grid = "{name: grid, program: noop, method: grid, parameters: {x: {values: [1, 2, 3]}}}";
    private static readonly SweepAction Ada = new("ada@lab", "a hunch");

    private HeadRig _rig = null!;

    public async Task InitializeAsync() => _rig = await HeadRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_cancelled_trial_is_taken_from_its_holder_and_the_others_go_on()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        var grant = await worker.StartAsync();
        await worker.ExchangeAsync();

        await _rig.Sweep(sweep).CancelTrial(1, Ada);
        var reply = await worker.ExchangeAsync();

        Assert.Equal(new TrialOrder(grant.Trial, grant.Lease), reply.Orders.Single());
        Assert.Equal(2, (await worker.ExchangeAsync()).Grants.Single().Trial.Number);
        var last = _rig.Reader.Events(grant.Trial, 1).Single();
        Assert.Equal(("cancelled", "ada@lab", "a hunch"), (last.ToState, last.Actor, last.Reason));
    }

    [Fact]
    public async Task A_finished_sweep_whose_failed_trials_are_retried_is_granted_again()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        await RunAsync(worker, grant => grant.Trial.Number == 2 ? new AttemptEvent.Failed(FailureCause.Invalid, "no such data") : new AttemptEvent.Completed(null, null));
        Assert.Equal(SweepState.Completed, _rig.Reader.LoadSweep(sweep)!.Sweep.State);

        Assert.Equal(1, await _rig.Sweep(sweep).Retry(new RetryRequest(Ada) { Cause = FailureCause.Invalid }));
        Assert.Equal([2], await RunAsync(worker, _ => new AttemptEvent.Completed(null, null)));

        var stored = _rig.Reader.LoadSweep(sweep)!;
        Assert.Equal(SweepState.Completed, stored.Sweep.State);
        Assert.All(stored.Trials, trial => Assert.Equal(TrialState.Completed, trial.State));
        Assert.Contains(_rig.Reader.Events(sweep), row => row is { Kind: "action", FromState: "failed", ToState: "queued", Actor: "ada@lab" });
    }

    [Fact]
    public async Task Edits_are_stored_and_count_after_a_restart_of_the_head()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        await _rig.Sweep(sweep).Edit(new EditRequest(Ada) { Edits = new SweepEdits { MaxParallel = 1, Workers = "a100" } });
        await _rig.RestartAsync();

        Assert.Empty((await _rig.Worker("plain").ExchangeAsync()).Grants);
        Assert.Single((await _rig.Worker("big", slots: 3, offer: new WorkerOffer { Tags = ["a100"] }).ExchangeAsync()).Grants);
        Assert.Equal("""{"max_parallel":1,"workers":"a100"}""", _rig.Reader.Sweeps().Single().Edits);
    }

    [Fact]
    public async Task An_extended_sweep_runs_what_is_missing_and_nothing_twice()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        await RunAsync(worker, _ => new AttemptEvent.Completed(null, null));

        var wider = Grid.Replace("[1, 2, 3]", "[0, 1, 2, 3, 4]", StringComparison.Ordinal);
        Assert.Equal(new EditReply(true, 5), await _rig.Sweep(sweep).Edit(new EditRequest(Ada) { Source = wider }));
        await worker.StartAsync();
        await _rig.RestartAsync();
        await RunAsync(worker, _ => new AttemptEvent.Completed(null, null));
        Assert.Equal(["1", "2", "3", "0", "4"], Points(sweep));

        Assert.Equal(new EditReply(true, 10), await _rig.Sweep(sweep).Edit(new EditRequest(Ada) { Edits = new SweepEdits { Seeds = 2 } }));
        await RunAsync(worker, _ => new AttemptEvent.Completed(null, null));
        var stored = _rig.Reader.LoadSweep(sweep)!;
        Assert.Equal(SweepState.Completed, stored.Sweep.State);
        Assert.Equal([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], stored.Trials.Select(trial => trial.Configuration));
        Assert.All(stored.Trials, trial => Assert.Equal(1, trial.Attempts));
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Sweep(sweep).Edit(new EditRequest(Ada) { Source = wider, Edits = new SweepEdits { Seeds = 2 } }));
        Assert.StartsWith("nothing would be added", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_stopped_at_a_limit_goes_on_after_a_restart_with_what_its_end_had_cancelled()
    {
        const string limited = "{name: grid, program: noop, method: grid, seeds: {count: 2, base: 1}, limits: {epochs: 1}, parameters: {x: {values: [1, 2, 3]}}}";
        var sweep = await _rig.SubmitAsync(limited);
        var worker = _rig.Worker("w");
        Assert.Equal([1], await RunAsync(worker, _ => new AttemptEvent.Completed(null, null)));
        await _rig.RestartAsync();
        Assert.Equal((SweepState.Stopped, TrialState.Cancelled), (_rig.Reader.LoadSweep(sweep)!.Sweep.State, _rig.Reader.LoadSweep(sweep)!.Trials[1].State));

        Assert.Equal(new EditReply(true, 7), await _rig.Sweep(sweep).Edit(new EditRequest(Ada) { Source = limited.Replace("epochs: 1", "epochs: 99", StringComparison.Ordinal) }));
        await _rig.RestartAsync();
        Assert.Equal([3, 4, 5, 6, 7], await RunAsync(worker, _ => new AttemptEvent.Completed(null, null)));

        var stored = _rig.Reader.LoadSweep(sweep)!;
        Assert.Equal(SweepState.Completed, stored.Sweep.State);
        Assert.Equal([(1, 1L), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)], stored.Trials.Where(trial => trial.State == TrialState.Completed).Select(trial => (trial.Configuration, trial.Seed)).Order());
    }

    [Fact]
    public async Task An_enqueued_point_goes_first_and_the_grid_passes_over_it()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var grains = _rig.Sweep(sweep);
        Assert.Equal(1, (await grains.Enqueue(Point("3"))).Single());
        Assert.Equal(2, (await grains.Enqueue(Point("7"))).Single());
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => grains.Enqueue(Point("3")));
        Assert.Contains("trial 1 has this configuration already", refused.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<SweepRefusedException>(() => grains.Enqueue(
            new EnqueueRequest(Ada) { Point = ImmutableSortedDictionary<string, string>.Empty.Add("x", "1").Add("epoch", "2") }));
        Assert.Contains("epochs", unknown.Message, StringComparison.Ordinal);

        await RunAsync(_rig.Worker("w"), _ => new AttemptEvent.Completed(null, null));
        Assert.Equal(["3", "7", "1", "2"], Points(sweep));
        Assert.Equal(4, _rig.Reader.LoadSweep(sweep)!.Sweep.Planned);
        Assert.Equal(["enqueued by ada@lab: a hunch", "enqueued by ada@lab: a hunch", "grid point 1 of 3", "grid point 2 of 3"], _rig.Reader.Trials(sweep).Select(trial => trial.Origin));
    }

    [Fact]
    public async Task A_key_finds_its_sweep_whatever_else_the_request_says_also_after_a_restart()
    {
        SubmitRequest Keyed(string x) => new($"{{name: k, program: noop, method: grid, parameters: {{x: {{value: {x}}}}}}}", "k.yaml", true, null, "test", "nightly");
        var replies = await Task.WhenAll(_rig.Head.Submit(Keyed("1")), _rig.Head.Submit(Keyed("2")));
        Assert.Single(replies.Select(reply => reply.Sweep).Distinct());
        Assert.Equal([false, true], replies.Select(reply => reply.Continued).Order());

        await _rig.RestartAsync();
        Assert.Equal(replies[0].Sweep, (await _rig.Head.Submit(Keyed("3"))).Sweep);
        Assert.Single(_rig.Reader.Sweeps());
    }

    [Fact]
    public async Task A_sweep_submitted_paused_waits_until_somebody_resumes_it()
    {
        var reply = await _rig.Head.Submit(new SubmitRequest(Grid, "g.yaml", true, null, "ada@lab", Paused: true));
        Assert.Equal(SweepState.Paused, reply.State);
        var worker = _rig.Worker("w");
        Assert.Empty((await worker.ExchangeAsync()).Grants);
        Assert.Equal("it is paused by ada@lab: submitted paused", await _rig.Head.WhyWaits(reply.Sweep));

        await _rig.Sweep(reply.Sweep).Resume(Ada);
        Assert.Single((await worker.ExchangeAsync()).Grants);
    }

    [Fact]
    public async Task A_refused_action_changes_nothing_and_the_sweep_goes_on()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Sweep(sweep).CancelTrial(9, Ada));
        await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Sweep(sweep).Edit(new EditRequest(Ada) { Edits = new SweepEdits { MaxParallel = 0 } }));
        await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Sweep(sweep).Retry(new RetryRequest(Ada)));
        Assert.Equal([1, 2, 3], await RunAsync(_rig.Worker("w"), _ => new AttemptEvent.Completed(null, null)));
    }

    [Fact]
    public async Task A_finished_sweep_still_tells_its_status_and_one_that_never_was_says_so()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        await RunAsync(_rig.Worker("w"), _ => new AttemptEvent.Completed(null, null));
        await _rig.RestartAsync();
        Assert.Equal(SweepState.Completed, (await _rig.Sweep(sweep).GetStatus(0, CancellationToken.None)).State);

        foreach (var name in new[] { "grid-none", "no such/thing" })
        {
            var error = await Assert.ThrowsAsync<SweepMissingException>(() => _rig.Grains.GetGrain<ISweepGrain>(name).GetStatus(0, CancellationToken.None));
            Assert.Equal($"there is no sweep '{name}'", error.Message);
        }
    }

    [Fact]
    public async Task A_head_that_lacks_a_dataset_says_which_and_what_to_do()
    {
        await using var rig = await HeadRig.StartAsync(options => options with
        {
            FindDatasets = (_, _) => Task.FromResult(ImmutableSortedDictionary<string, string>.Empty.Add("mnist", "abc")),
        });
        const string file = "{name: t, method: grid, parameters: {dataset: {values: [mnist, glyphs]}}}";
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => rig.Head.Submit(new SubmitRequest(file, "t.yaml", true, null, "test")));
        Assert.Contains("seqsweep data fetch glyphs", refused.Message, StringComparison.Ordinal);

        var stored = await rig.Head.Submit(new SubmitRequest(file.Replace(", glyphs", "", StringComparison.Ordinal), "t.yaml", true, null, "test"));
        Assert.Equal("abc", rig.Reader.LoadSweep(stored.Sweep)!.Sweep.DatasetDigests["mnist"]);
    }

    /// <summary>Runs all there is; every trial in one exchange.</summary>
    private static async Task<List<int>> RunAsync(FakeWorker worker, Func<TrialGrant, AttemptEvent> outcome)
    {
        var numbers = new List<int>();
        while (worker.Running.Count > 0 || (await worker.ExchangeAsync()).Grants.Length > 0)
        {
            foreach (var grant in worker.Running.ToList())
            {
                numbers.Add(grant.Trial.Number);
                worker.Report(grant, 1, grant.Trial.Number).Tell(grant, outcome(grant));
            }

            await worker.ExchangeAsync();
        }

        return numbers;
    }

    private static EnqueueRequest Point(string x) => new(Ada) { Point = ImmutableSortedDictionary<string, string>.Empty.Add("x", x) };

    private List<string> Points(SweepId sweep) => [.. _rig.Reader.LoadSweep(sweep)!.Trials.Take(5).Select(trial => trial.Parameters["x"]!.ToString())];
}
