using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using Xunit.Abstractions;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>
/// Whatever is killed, frozen, drained or restarted while a sweep trains: every trial ends once, every report is there once, and the
/// last checkpoints are those of a run that nobody disturbed. SEQSWEEP_CHAOS=full takes some ten minutes, and as many faults.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("SEQSWEEP_CHAOS") == "full";

    private static readonly string Sweep = $$"""
        name: chaos
        method: grid
        limits: {max_failures: 1}
        seeds: {count: {{(Full ? 2 : 1)}}}
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 7}
          levels: {value: 5}
          kernel_size: {value: 3}
          hidden: {value: 24}
          batch_size: {value: 32}
          train_limit: {value: {{(Full ? 20000 : 10000)}}}
          eval_limit: {value: 500}
          shuffle: {value: true}
          epochs: {value: {{(Full ? 8 : 6)}}}
          dropout: {values: [0.0, 0.1]}
          lr: {values: [{{(Full ? "0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.007, 0.01, 0.02, 0.03, 0.04" : "0.001, 0.002, 0.005, 0.01")}}]}
        """;

    [Fact]
    public async Task Kills_freezes_drains_and_restarts_cost_time_and_nothing_else()
    {
        using var alone = new SeqSweep();
        alone.Write("chaos.yaml", Sweep);
        var undisturbed = alone.RunAsync("run", "chaos.yaml");

        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        foreach (var name in new[] { "one", "two", "three" })
        {
            await Start(fleet, name);
        }

        var faults = new Queue<string>(Faults());
        var planned = faults.Count;
        var rounds = 0;
        do
        {
            // The machine decides how many faults a sweep lives through; all of them, and it is begun again for those that are left.
            var sweep = await fleet.SubmitAsync(Sweep);
            await fleet.UntilAsync(() => fleet.Load(sweep).Reports.Count > 0, "the first report");
            await Disturb(fleet, sweep, faults);
            foreach (var name in fleet.Workers.Keys.Where(name => fleet.Workers[name].HasExited).ToList())
            {
                await Start(fleet, name);
            }

            var loaded = await fleet.EndedAsync(sweep);
            (await undisturbed).Expect(0);
            Assert.Equal(Outcome.Of(alone.OnlySweep()), Outcome.Of(loaded));
            Assert.DoesNotContain(fleet.Reader.Events(sweep), e => e.Kind == "report_mismatch");
            Assert.All(
                fleet.Reader.Events(sweep).Where(e => e.Trial is not null && e.ToState is "completed" or "failed" or "pruned" or "cancelled").GroupBy(e => e.Trial),
                ends => Assert.Single(ends));
            output.WriteLine($"round {++rounds}: {planned - faults.Count} of {planned} faults so far, {loaded.Trials.Sum(trial => trial.Attempts)} attempts, equal to the undisturbed run");
        }
        while (Full && faults.Count > 0);

        Assert.True(faults.Count <= planned / 2, $"the sweep ended before the last {faults.Count} faults");
        Assert.Equal("ok", IntegrityOf(fleet.Reader.Path));
    }

    private static string IntegrityOf(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma integrity_check";
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>Does what is in the queue until it is empty or the sweep has ended.</summary>
    private async Task Disturb(Fleet fleet, SweepId sweep, Queue<string> faults)
    {
        var random = new SplitMix64((ulong)faults.Count);
        while (faults.Count > 0 && !fleet.Load(sweep).Sweep.State.IsFinal())
        {
            // A trial that takes its worker down three times in a row is poison by design, and this one only had bad luck: it may do an epoch first.
            await fleet.UntilAsync(() => fleet.Load(sweep).Trials.All(trial => trial.State.IsFinal() || trial.LossesInARow + 1 < SweepSchedule.PoisonAfter), "an epoch of a trial that was lost twice");
            var fault = faults.Dequeue();
            var name = fleet.Workers.Keys.Order().ElementAt((int)(random.Next() % (ulong)fleet.Workers.Count));
            output.WriteLine($"{DateTimeOffset.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {fault} {name}");
            await Do(fault, fleet, name, random);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next() % (Full ? 3000UL : 1500UL)));
        }
    }

    private static async Task Do(string fault, Fleet fleet, string name, SplitMix64 random)
    {
        // One that was frozen for so long that the others gave it up ends itself once it wakes, as under a supervisor.
        if (fleet.Workers[name].HasExited)
        {
            await Start(fleet, name);
        }

        var worker = fleet.Workers[name];
        switch (fault)
        {
            case "kill worker":
                worker.Signal("KILL");
                await worker.EndAsync();
                await Start(fleet, name);
                break;
            case "kill runner":
                if (worker.Runners() is { Count: > 0 } runners)
                {
                    RunningProgram.SignalTo(runners[(int)(random.Next() % (ulong)runners.Count)], "KILL");
                }

                break;
            case "kill head":
                fleet.Head.Signal("KILL");
                await fleet.Head.EndAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next() % 3000));
                await fleet.StartHeadAsync();
                break;
            case "drain":
                worker.Signal("TERM");
                (await worker.EndAsync()).WithoutStackTrace().Expect(0);
                await Start(fleet, name);
                break;
            case "freeze":
                worker.Signal("STOP");
                await Task.Delay(TimeSpan.FromSeconds(5 + (random.Next() % (Full ? 16UL : 4UL))));
                worker.Signal("CONT");
                break;
            default:
                throw new UnreachableException(fault);
        }
    }

    private static Task Start(Fleet fleet, string name) => fleet.StartWorkerAsync(name, "--slots", name == "two" ? "2" : "1");

    /// <summary>In an order that nobody thought of.</summary>
    private static List<string> Faults()
    {
        List<string> faults =
        [
            .. Enumerable.Repeat("kill worker", Full ? 25 : 3),
            .. Enumerable.Repeat("kill runner", Full ? 25 : 4),
            .. Enumerable.Repeat("kill head", Full ? 10 : 2),
            .. Enumerable.Repeat("drain", Full ? 10 : 2),
            .. Enumerable.Repeat("freeze", Full ? 10 : 1),
        ];
        var random = new SplitMix64(3);
        for (var left = faults.Count; left > 1; left--)
        {
            var i = (int)(random.Next() % (ulong)left);
            (faults[i], faults[left - 1]) = (faults[left - 1], faults[i]);
        }

        return faults;
    }
}
