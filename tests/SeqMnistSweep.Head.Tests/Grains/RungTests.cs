using Microsoft.Data.Sqlite;
using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>Trials that pause at rungs, through the exchange and the database.</summary>
public sealed class RungTests : IAsyncLifetime
{
    private const string Promotion = "{name: rungs, program: noop, method: grid, metric: {name: value, goal: maximize}, parameters: {x: {values: [1, 2, 3]}, epochs: {value: 3}}, early_terminate: {type: asha, min_epochs: 1, eta: 3}}";
    private const string Population = "{name: pbt, program: noop, method: pbt, run_cap: 4, metric: {name: value, goal: maximize}, parameters: {x: {min: 0.0, max: 1.0}, epochs: {value: 3}}}";

    private HeadRig _rig = null!;

    public async Task InitializeAsync() => _rig = await HeadRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_verdict_to_pause_comes_with_the_answer_to_the_report_and_the_head_may_start_again()
    {
        var sweep = await _rig.SubmitAsync(Promotion);
        var worker = _rig.Worker("w");
        foreach (var score in new[] { 0.3, 0.9, 0.6 })
        {
            var grant = await worker.StartAsync();
            var reply = await worker.Report(grant, 1, score, new CheckpointFile(1, 0, $"c{grant.Trial.Number}", 1)).ExchangeAsync();
            Assert.Equal(Verdict.Pause, reply.Verdicts.Single().Verdict);
            Assert.Empty(reply.Orders);
            worker.Tell(grant, new AttemptEvent.Released("paused"));
        }

        Assert.All(_rig.Reader.LoadSweep(sweep)!.Trials, trial => Assert.Equal(TrialState.Paused, trial.State));
        await _rig.RestartAsync();
        var promoted = await _rig.Worker("v").StartAsync();
        Assert.Equal((2, 2, "c2"), (promoted.Trial.Number, promoted.Attempt, promoted.Resume?.Digest));
    }

    [Fact]
    public async Task A_sweep_of_an_earlier_version_goes_on_under_the_defaults_of_that()
    {
        var sweep = await _rig.SubmitAsync(Promotion.Replace("{type: asha, min_epochs: 1, eta: 3}", "{type: asha}", StringComparison.Ordinal));
        using (var connection = new SqliteConnection($"Data Source={_rig.Reader.Path};Pooling=False"))
        {
            connection.Open();
            using var earlier = connection.CreateCommand();
            earlier.CommandText = $"update sweep set defaults = 1 where id = '{sweep.Value}'";
            Assert.Equal(1, earlier.ExecuteNonQuery());
        }

        await _rig.RestartAsync();
        var worker = _rig.Worker("w");
        var grant = await worker.StartAsync();
        var reply = await worker.Report(grant, 1, 0.3, new CheckpointFile(1, 0, "c1", 1)).ExchangeAsync();
        Assert.Equal(Verdict.Continue, reply.Verdicts.Single().Verdict);
    }

    [Fact]
    public async Task A_copy_has_the_file_that_it_goes_on_from()
    {
        var sweep = await _rig.SubmitAsync(Population);
        var worker = _rig.Worker("w", slots: 4);
        foreach (var grant in (await worker.ExchangeAsync()).Grants)
        {
            await PauseAsync(worker, grant);
        }

        var copy = (await worker.ExchangeAsync()).Grants.Single(grant => grant.Trial.Number == 5);
        Assert.Equal(Digest.Of("state of 4"), copy.Resume!.Digest);
        Assert.Equal("state of 4", await File.ReadAllTextAsync(Path.Combine(_rig.CheckpointFolder, sweep.Value, "5", copy.Resume.FileName)));
        Assert.Equal(copy.Resume.Digest, _rig.Reader.Checkpoints(copy.Trial).Single().Digest);
        Assert.Equal(TrialState.Pruned, _rig.Reader.LoadSweep(sweep)!.Trials.Single(trial => trial.Number == 1).State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_gone_or_damaged_costs_the_copy_and_not_the_sweep(bool isGone)
    {
        var sweep = await _rig.SubmitAsync(Population);
        var worker = _rig.Worker("w", slots: 4);
        foreach (var grant in (await worker.ExchangeAsync()).Grants)
        {
            await PauseAsync(worker, grant);
        }

        await worker.ExchangeAsync(draining: true);
        var file = Path.Combine(_rig.CheckpointFolder, sweep.Value, "4", $"{Digest.Of("state of 4")}.safetensors");
        File.Delete(file);
        if (!isGone)
        {
            await File.WriteAllTextAsync(file, "something else");
        }

        Assert.Equal([1, 2, 3, 4], (await worker.ExchangeAsync()).Grants.Select(grant => grant.Trial.Number).Order());
        Assert.Contains(_rig.Reader.Events(sweep), happened => happened.Reason.StartsWith("goes on itself, no copy of trial 4 could take its place: ", StringComparison.Ordinal));
    }

    private async Task PauseAsync(FakeWorker worker, TrialGrant grant)
    {
        var (folder, state) = (Path.Combine(_rig.CheckpointFolder, grant.Trial.Sweep.Value, $"{grant.Trial.Number}"), $"state of {grant.Trial.Number}");
        var checkpoint = new CheckpointFile(1, 0, Digest.Of(state), state.Length);
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(folder).FullName, checkpoint.FileName), state);
        worker.Tell(grant, new AttemptEvent.Started("cpu")).Report(grant, 1, grant.Trial.Number * 0.1, checkpoint).Tell(grant, new AttemptEvent.Released("paused"));
    }
}
