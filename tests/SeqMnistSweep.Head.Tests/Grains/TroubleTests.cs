using Microsoft.Data.Sqlite;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>A disk that refuses, files that are no longer valid, several sweeps in one database.</summary>
public sealed class TroubleTests
{
    private const string Grid = "{name: grid, program: noop, method: grid, parameters: {x: {values: [1, 2, 3, 4, 5, 6]}}}";

    [Fact]
    public async Task A_write_that_fails_takes_those_decided_on_top_of_it_along_and_the_sweep_goes_on_from_what_is_stored()
    {
        await using var rig = await HeadRig.StartAsync();
        var sweep = await rig.SubmitAsync(Grid);
        var workers = Enumerable.Range(0, 3).Select(i => rig.Worker($"w{i}")).ToList();
        foreach (var worker in workers)
        {
            worker.Report(await worker.StartAsync(), 1, 1);
        }

        Sql(rig, "create trigger refuse before insert on report when new.trial = 1 begin select raise(abort, 'refused'); end");
        await Task.WhenAll(workers.Select(worker => worker.ExchangeAsync()));
        Sql(rig, "drop trigger refuse");
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(workers.Select(worker => worker.ExchangeAsync()));
            foreach (var worker in workers)
            {
                foreach (var grant in worker.Running.ToList())
                {
                    worker.Tell(grant, new AttemptEvent.Started("cpu")).Report(grant, 1, 1).Tell(grant, new AttemptEvent.Completed(null, null));
                }
            }
        }

        var stored = rig.Reader.LoadSweep(sweep)!;
        Assert.Equal(SweepState.Completed, stored.Sweep.State);
        Assert.Equal([1, 2, 3, 4, 5, 6], stored.Trials.Select(trial => trial.Number));
        Assert.Equal([1, 2, 3, 4, 5, 6], stored.Reports.Select(report => report.Trial));
    }

    [Fact]
    public async Task The_same_file_submitted_several_times_at_once_makes_one_sweep()
    {
        await using var rig = await HeadRig.StartAsync();
        var sweeps = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => rig.SubmitAsync(Grid)));
        Assert.Single(sweeps.Distinct());
        Assert.Single(rig.Reader.Sweeps());
    }

    [Fact]
    public async Task A_head_for_one_sweep_leaves_the_others_alone_until_they_are_submitted_again()
    {
        await using var rig = await HeadRig.StartAsync(takesUpUnfinished: false);
        var first = await rig.SubmitAsync(Grid);
        var left = await rig.Worker("w").StartAsync();
        await rig.RestartAsync();

        await rig.SubmitAsync("{name: other, program: noop, method: grid, parameters: {x: {values: [1]}}}");
        var worker = rig.Worker("w", slots: 3, incarnation: 2);
        await worker.ExchangeAsync();
        Assert.Equal(["other"], worker.Running.Select(grant => grant.Trial.Sweep.Value[..5]));

        Assert.Equal(first, await rig.SubmitAsync(Grid));
        await worker.ExchangeAsync();
        var again = worker.Running.Single(grant => grant.Trial == left.Trial);
        Assert.Equal(left.Lease + 1, again.Lease);
        Assert.Equal(0, rig.Reader.LoadSweep(first)!.Trials[0].LossesInARow);
    }

    [Fact]
    public async Task A_sweep_whose_stored_file_is_no_longer_valid_says_so_and_does_not_hold_up_the_others()
    {
        await using var rig = await HeadRig.StartAsync();
        var broken = await rig.SubmitAsync(Grid);
        await rig.SubmitAsync("{name: other, program: noop, method: grid, parameters: {x: {values: [1]}}}");
        Sql(rig, $"update sweep set source = 'method: gone' where id = '{broken}'");
        await rig.RestartAsync();

        var worker = rig.Worker("w");
        Assert.StartsWith("other", (await worker.StartAsync()).Trial.Sweep.Value, StringComparison.Ordinal);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => rig.Grains.GetGrain<ISweepGrain>(broken.Value).GetStatus(0, CancellationToken.None));
        Assert.IsType<SweepRefusedException>(error);
    }

    [Fact]
    public async Task What_is_told_of_a_sweep_that_cannot_answer_stays_at_the_worker_and_the_rest_is_acknowledged()
    {
        await using var rig = await HeadRig.StartAsync();
        var broken = await rig.SubmitAsync(Grid);
        var worker = rig.Worker("w", slots: 2);
        var stuck = (await worker.ExchangeAsync()).Grants[0];
        worker.Running.RemoveAll(grant => grant != stuck);
        await rig.SubmitAsync("{name: other, program: noop, method: grid, priority: 5, parameters: {x: {values: [1]}}}");
        Sql(rig, $"update sweep set source = 'method: gone' where id = '{broken}'");
        await rig.RestartAsync();

        worker.Report(stuck, 1, 1);
        var other = (await worker.ExchangeAsync()).Grants.Single();
        worker.Tell(other, new AttemptEvent.Started("cpu")).Report(stuck, 2, 1).Report(other, 1, 1).Tell(other, new AttemptEvent.Completed(null, null));
        await worker.ExchangeAsync();
        Assert.Equal([stuck.Trial, stuck.Trial], worker.Unheard.Select(told => told.Trial));
        Assert.Equal(SweepState.Completed, rig.Reader.LoadSweep(other.Trial.Sweep)!.Sweep.State);
    }

    private static void Sql(HeadRig rig, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={rig.Reader.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // literals of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
