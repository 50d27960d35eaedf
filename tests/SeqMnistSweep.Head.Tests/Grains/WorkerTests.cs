using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>The fleet as clients see it and the database keeps it.</summary>
public sealed class WorkerTests : IAsyncLifetime
{
    private const string Grid = "{name: grid, program: noop, method: grid, parameters: {x: {values: [1, 2, 3, 4, 5, 6]}}}";
    private static readonly SweepAction Ada = new("ada@lab", "a new fan");

    private HeadRig _rig = null!;

    public async Task InitializeAsync() => _rig = await HeadRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_drained_worker_is_told_gives_back_and_stays_drained_over_restarts_of_both()
    {
        await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        await worker.StartAsync();
        await worker.ExchangeAsync();
        await _rig.Head.Drain("w", Ada);

        Assert.True((await worker.ExchangeAsync()).Drain);
        Assert.Equal((WorkerState.Draining, "drained by ada@lab: a new fan"), await StateAsync("w"));
        worker.Tell(worker.Running[0], new AttemptEvent.Released("the worker is draining"));
        Assert.Empty((await worker.ExchangeAsync()).Grants);
        Assert.Equal(WorkerState.Drained, (await StateAsync("w")).State);

        await _rig.RestartAsync();
        var again = _rig.Worker("w", incarnation: 2);
        var reply = await again.ExchangeAsync();
        Assert.True(reply.Drain);
        Assert.Empty(reply.Grants);

        await _rig.Head.Undrain("w", Ada);
        reply = await again.ExchangeAsync();
        Assert.False(reply.Drain);
        Assert.Single(reply.Grants);
        Assert.Equal("ready", _rig.Reader.Workers().Single().State);
    }

    [Fact]
    public async Task A_worker_that_nobody_knows_cannot_be_drained_and_the_nearest_name_is_offered()
    {
        await _rig.Worker("gpu-box").ExchangeAsync();
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Head.Drain("gpu-bax", Ada));
        Assert.Equal("there is no worker 'gpu-bax': did you mean 'gpu-box'?", refused.Message);
    }

    [Fact]
    public async Task A_worker_that_leaves_is_gone_and_its_log_lies_on_its_machine()
    {
        await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        var grant = await worker.StartAsync();
        worker.Tell(grant, new AttemptEvent.Released("the worker is draining"));
        await worker.ExchangeAsync(draining: true, leaving: true);

        Assert.Equal(WorkerState.Gone, (await StateAsync("w")).State);
        Assert.Equal("gone", _rig.Reader.Workers().Single().State);
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Head.ReadLog(grant.Trial, 0));
        Assert.Contains($".seqsweep/workers/w/logs/{grant.Trial.Sweep}/1", refused.Message, StringComparison.Ordinal);
        var kept = Path.Combine(_rig.CheckpointFolder, "..", "logs", grant.Trial.Sweep.Value, "1");
        Directory.CreateDirectory(kept);
        await File.WriteAllTextAsync(Path.Combine(kept, "1.log"), "brought\n");
        var (log, end) = (await _rig.Head.ReadLog(grant.Trial, 0), await _rig.Head.ReadLog(grant.Trial, 8));
        Assert.Equal(("w", "brought\n", 8, "", 8), (log.Worker, log.Text, (int)log.Next, end.Text, (int)end.Next));
        Assert.Equal("no worker is there: w is gone", await _rig.Head.WhyWaits(grant.Trial.Sweep));
    }

    [Fact]
    public async Task A_worker_whose_silo_has_left_the_cluster_loses_its_trials_before_their_leases_run_out()
    {
        await _rig.SubmitAsync(Grid);
        var silo = await _rig.StartSiloAsync();
        var dying = _rig.WorkerOn(silo, "dying");
        var grant = await dying.StartAsync();
        await dying.ExchangeAsync();
        await silo.StopAsync();
        silo.Dispose();

        var other = _rig.Worker("other");
        await Until.True(
            async () => _rig.Reader.Trial(grant.Trial)!.State == "queued" && (await StateAsync("dying")).State == WorkerState.Lost,
            () => $"trial: {_rig.Reader.Trial(grant.Trial)}");
        Assert.Equal((grant.Trial, grant.Lease + 1), (await other.ExchangeAsync()).Grants.Select(again => (again.Trial, again.Lease)).Single());
        Assert.Empty((await dying.ExchangeAsync()).Grants);
    }

    [Fact]
    public async Task Programs_of_users_go_only_to_workers_that_allow_them()
    {
        var sweep = await _rig.SubmitAsync("{name: own, program: train.py, method: grid, metric: {name: loss}, parameters: {x: {values: [1, 2]}}}");
        Assert.Empty((await _rig.Worker("plain").ExchangeAsync()).Grants);
        Assert.Contains("needs --programs", await _rig.Head.WhyWaits(sweep), StringComparison.Ordinal);
        Assert.Single((await _rig.Worker("open", offer: new WorkerOffer { AllowsPrograms = true }).ExchangeAsync()).Grants);
    }

    [Fact]
    public async Task Trials_that_need_several_GPUs_go_only_to_workers_with_so_many_in_a_slot()
    {
        var sweep = await _rig.SubmitAsync(
            "{name: big, program: train.py, method: grid, resources: {gpus: 2}, metric: {name: loss}, parameters: {x: {values: [1, 2]}}}");
        Assert.Empty((await _rig.Worker("cpu", offer: new WorkerOffer { AllowsPrograms = true }).ExchangeAsync()).Grants);
        Assert.Empty((await _rig.Worker("one", offer: new WorkerOffer { AllowsPrograms = true, Gpus = 1 }).ExchangeAsync()).Grants);
        Assert.Contains("2 GPUs in a slot", await _rig.Head.WhyWaits(sweep), StringComparison.Ordinal);
        Assert.Equal(2, (await _rig.Worker("two", offer: new WorkerOffer { AllowsPrograms = true, Gpus = 2 }).ExchangeAsync()).Grants.Single().Gpus);
        Assert.Equal([0, 1, 2], (await _rig.Head.GetWorkers()).Select(worker => worker.Gpus).Order());
    }

    [Fact]
    public async Task Trials_ahead_are_granted_where_no_other_sweep_waits_for_slots()
    {
        await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        Assert.Equal(3, (await worker.ExchangeAsync(ahead: 2)).Grants.Length);

        await _rig.SubmitAsync("{name: other, program: noop, method: grid, parameters: {x: {values: [1]}}}");
        worker.Tell(worker.Running[0], new AttemptEvent.Completed(null, null));
        Assert.Empty((await worker.ExchangeAsync(ahead: 2)).Grants);
    }

    [Fact]
    public async Task The_database_keeps_what_a_worker_offers()
    {
        await _rig.Worker("w", slots: 2, offer: new WorkerOffer { Tags = ["a100", "lab"], Version = "1.2.3", AllowsPrograms = true }).ExchangeAsync();
        var row = _rig.Reader.Workers().Single();
        Assert.Equal(("""["a100","lab"]""", "1.2.3", true, 2L), (row.Tags, row.Version, row.AllowsPrograms, row.Slots));
        await _rig.RestartAsync();
        var info = (await _rig.Head.GetWorkers()).Single();
        Assert.Equal("a100 lab", string.Join(' ', info.Tags));
        Assert.Null(info.Version);
    }

    private async Task<(WorkerState State, string? Reason)> StateAsync(string name)
    {
        var info = (await _rig.Head.GetWorkers()).Single(worker => worker.Name == name);
        return (info.State, info.Reason);
    }
}
