using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

public sealed class DispatchTests : IAsyncLifetime
{
    private const string Grid = "{name: grid, program: noop, method: grid, parameters: {x: {values: [1, 2, 3]}}}";

    private HeadRig _rig = null!;

    public async Task InitializeAsync() => _rig = await HeadRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_sweep_is_granted_reported_and_completed()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        for (var number = 1; number <= 3; number++)
        {
            var grant = await worker.StartAsync();
            Assert.Equal(number, grant.Trial.Number);
            worker.Report(grant, 1, number).Tell(grant, new AttemptEvent.Completed(null, null));
        }

        Assert.Empty((await worker.ExchangeAsync()).Grants);
        var stored = _rig.Reader.LoadSweep(sweep)!;
        Assert.Equal(SweepState.Completed, stored.Sweep.State);
        Assert.Equal([1, 2, 3], stored.Reports.Select(report => (int)report.Report["value"]!));
        Assert.Equal(["grid"], _rig.Reader.Leaderboard(sweep).Select(row => row.Sweep[..4]).Distinct());
    }

    [Fact]
    public async Task A_status_has_room_for_so_many_running_trials_and_counts_the_others()
    {
        var sweep = await _rig.SubmitAsync("{name: many, program: noop, method: random, run_cap: 3000, parameters: {x: {min: 0.0, max: 1.0}}}");
        var granted = (await _rig.Worker("w", slots: SweepStatus.MaxRunning + 500).ExchangeAsync()).Grants.Length;
        var status = await _rig.Sweep(sweep).GetStatus(0, CancellationToken.None);
        Assert.Equal((SweepStatus.MaxRunning + 500, SweepStatus.MaxRunning, SweepStatus.MaxRunning + 500), (granted, status.Running.Length, status.Active));
        Assert.Equal(Enumerable.Range(1, SweepStatus.MaxRunning), status.Running.Select(running => running.Trial.Number));
    }

    [Fact]
    public async Task What_is_acknowledged_is_durable_and_what_is_sent_twice_counts_once()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        var grant = await worker.StartAsync();
        worker.Report(grant, 1, 0.5);
        await worker.ExchangeAsync(deliver: false);
        Assert.Single(_rig.Reader.LoadSweep(sweep)!.Reports);

        var reply = await worker.ExchangeAsync();
        Assert.Equal(2, reply.Acknowledged);
        Assert.Equal(Verdict.Continue, reply.Verdicts.Single().Verdict);
        Assert.Single(_rig.Reader.LoadSweep(sweep)!.Reports);
    }

    [Fact]
    public async Task A_grant_whose_reply_was_lost_is_given_again_under_the_same_lease()
    {
        await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        var lost = (await worker.ExchangeAsync(deliver: false)).Grants.Single();
        var again = (await worker.ExchangeAsync()).Grants.Single();
        Assert.Equal((lost.Trial, lost.Lease), (again.Trial, again.Lease));
    }

    [Fact]
    public async Task Of_two_living_workers_of_one_name_the_newcomer_is_refused_and_the_first_keeps_its_trial()
    {
        await _rig.SubmitAsync(Grid);
        var first = _rig.Worker("w");
        var trial = await first.StartAsync();
        var second = _rig.Worker("w", incarnation: 2);
        string? refusal = null;
        await Until.True(
            async () =>
            {
                Assert.Null((await first.ExchangeAsync()).Refusal);
                var reply = await second.ExchangeAsync(leaving: refusal is not null);
                Assert.Empty(reply.Grants);
                return (refusal = reply.Refusal) is not null;
            },
            () => "the newcomer was not refused");

        Assert.Equal("the head hears another worker named w, on cpu at w-1", refusal);
        first.Report(trial, 1, 0.5);
        Assert.Empty((await first.ExchangeAsync()).Orders);
        Assert.Equal("ready", _rig.Reader.Workers().Single().State);
    }

    [Fact]
    public async Task A_worker_that_started_again_gets_its_trial_back_under_a_new_lease_and_the_old_one_is_fenced()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var old = _rig.Worker("w");
        var before = await old.StartAsync();
        old.Report(before, 1, 0.5, new CheckpointFile(1, 0, new string('a', 64), 10));
        await old.ExchangeAsync();

        var young = _rig.Worker("w", incarnation: 2);
        await Until.True(async () => !(await young.ExchangeAsync()).Grants.IsEmpty, () => "nothing was granted to the worker that started again");
        var after = young.Running.Single();
        Assert.Equal(before.Trial, after.Trial);
        Assert.Equal(before.Lease + 1, after.Lease);
        Assert.Equal(1, after.Resume!.Epoch);

        var zombie = _rig.Worker("z");
        zombie.Running.Add(before);
        zombie.Report(before, 2, 0.9);
        var reply = await zombie.ExchangeAsync();
        Assert.Equal(before.Lease, reply.Orders.Single().Lease);
        Assert.Single(_rig.Reader.LoadSweep(sweep)!.Reports);
    }

    [Fact]
    public async Task A_head_that_was_restarted_knows_the_leases_and_the_trial_goes_on_under_its_own()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        var grant = await worker.StartAsync();
        var epoch = (await worker.ExchangeAsync()).HeadEpoch;
        await _rig.RestartAsync();

        worker.Report(grant, 1, 0.5);
        var reply = await worker.ExchangeAsync();
        Assert.Equal(epoch + 1, reply.HeadEpoch);
        Assert.Empty(reply.Orders);
        Assert.Empty(reply.Grants);
        Assert.Equal(TrialState.Running, _rig.Reader.LoadSweep(sweep)!.Trials.Single().State);
    }

    [Fact]
    public async Task A_draining_worker_gives_back_what_it_never_started_and_gets_nothing_new()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        await worker.ExchangeAsync(deliver: false);
        Assert.Empty((await worker.ExchangeAsync(draining: true)).Grants);
        Assert.Equal(TrialState.Queued, _rig.Reader.LoadSweep(sweep)!.Trials.Single().State);
    }

    [Fact]
    public async Task A_cancelled_sweep_takes_its_trials_back()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w", slots: 2);
        await worker.ExchangeAsync();
        Assert.Equal(2, worker.Running.Count);
        await _rig.Grains.GetGrain<ISweepGrain>(sweep.Value).Cancel(new SweepAction("me", "enough"));

        Assert.Equal(2, (await worker.ExchangeAsync()).Orders.Length);
        Assert.Equal(SweepState.Cancelled, _rig.Reader.LoadSweep(sweep)!.Sweep.State);
    }

    [Fact]
    public async Task Two_workers_never_hold_the_same_trial()
    {
        await _rig.SubmitAsync("{name: wide, program: noop, method: grid, parameters: {x: {min: 1, max: 200}}}");
        var workers = Enumerable.Range(0, 8).Select(i => _rig.Worker($"w{i}", slots: 5)).ToList();
        var all = new List<TrialId>();
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(workers.Select(worker => worker.ExchangeAsync()));
            foreach (var worker in workers)
            {
                all.AddRange(worker.Running.Select(grant => grant.Trial));
                foreach (var grant in worker.Running.ToList())
                {
                    worker.Tell(grant, new AttemptEvent.Started("cpu")).Report(grant, 1, 1).Tell(grant, new AttemptEvent.Completed(null, null));
                }
            }
        }

        Assert.Equal(200, all.Count);
        Assert.Equal(200, all.Distinct().Count());
    }

    [Fact]
    public async Task The_same_file_continues_its_sweep_until_another_is_asked_for()
    {
        var first = await _rig.SubmitAsync(Grid);
        Assert.Equal(first, await _rig.SubmitAsync(Grid + "   # a comment"));
        Assert.NotEqual(first, await _rig.SubmitAsync(Grid, @new: true));
    }

    [Fact]
    public async Task Higher_priority_goes_first_and_age_decides_among_equals()
    {
        var low = await _rig.SubmitAsync(Grid);
        var high = await _rig.SubmitAsync("{name: high, priority: 5, program: noop, method: grid, parameters: {x: {values: [1]}}}");
        var worker = _rig.Worker("w");
        var first = await worker.StartAsync();
        Assert.Equal(high, first.Trial.Sweep);
        worker.Report(first, 1, 1).Tell(first, new AttemptEvent.Completed(null, null));
        Assert.Equal(low, (await worker.StartAsync()).Trial.Sweep);
    }

    [Fact]
    public async Task A_file_that_is_none_is_refused()
    {
        var error = await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.SubmitAsync("method: nonsense"));
        Assert.Contains("sweep.yaml", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_shows_counts_best_running_and_events()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        var grant = await worker.StartAsync();
        worker.Report(grant, 1, 0.25);
        await worker.ExchangeAsync();

        var status = await _rig.Grains.GetGrain<ISweepGrain>(sweep.Value).GetStatus(0, CancellationToken.None);
        Assert.Equal(3, status.Planned);
        Assert.Equal(1, status.Counts[TrialState.Running]);
        Assert.Equal(0.25, status.Running.Single().Trial.Value);
        Assert.Null(status.Best); // none has completed
        Assert.Equal("w", status.Running.Single().Worker);
        Assert.Contains(status.Events, e => e is { Trial: 1, To: "running" });
        Assert.Equal(status.Events[^1].Number, status.LastEvent);
        Assert.Empty((await _rig.Grains.GetGrain<ISweepGrain>(sweep.Value).GetStatus(status.Events[^1].Number, CancellationToken.None)).Events);
    }
}
