using System.Collections.Concurrent;
using System.Diagnostics;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Worker.Core;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Tests.Support;
using Xunit.Abstractions;
using static SeqMnistSweep.Worker.Tests.Support.WorkerRig;

namespace SeqMnistSweep.Worker.Tests.Agents;

public sealed class WorkerAgentTests(ITestOutputHelper output)
{
    private static readonly (string, ParameterValue) Long = ("sleep_ms", ParameterValue.Of(600_000L));

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Every_trial_of_thousands_ends_once(int slots)
    {
        const int trials = 30_000;
        await using var rig = await StartAsync(slots);
        rig.Head.KeepsEvents = false;
        var watch = Stopwatch.StartNew();
        rig.Head.Offer(Enumerable.Range(1, trials).Select(trial => Grant(trial)));
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == trials, () => $"{rig.Head.Ended} ended");
        await Until.True(() => rig.Core.Held == 0, () => $"{rig.Core.Held} held");
        output.WriteLine($"{trials / watch.Elapsed.TotalSeconds:0} trials/s with {slots} slot(s); idle p50 {rig.Core.Idle?.P50:0.000} ms, p99 {rig.Core.Idle?.P99:0.000} ms");
        Assert.NotNull(rig.Core.Idle);
    }

    [Fact]
    public async Task An_attempt_that_ends_after_its_worker_does_no_harm()
    {
        var rig = await WorkerRig.StartAsync(1);
        var agent = rig.Agent;
        await rig.DisposeAsync();
        Assert.Null(Record.Exception(() =>
        {
            for (var poke = 0; poke < 3; poke++)
            {
                agent.Poke();
            }
        }));
    }

    [Fact]
    public async Task An_attempt_that_is_to_be_alone_waits_for_the_others_and_nothing_begins_beside_it()
    {
        await using var rig = await StartAsync(2);
        rig.Head.Offer([Grant(1, 1, "noop", Long)]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Heard(1).Length == 1, () => $"{rig.Head.Heard(1).Length} events");
        rig.Head.Offer([Grant(2, 1, "noop", Long) with { Alone = true }]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.LastRequest is { FreeSlots: 0, Running.Length: 2 }, () => $"{rig.Head.LastRequest}");
        Assert.Empty(rig.Head.Heard(2));

        rig.Head.Order(Grant(1).Trial, 1);
        await Until.True(() => rig.Head.Heard(2).Length == 1, () => $"{rig.Head.Heard(2).Length} events");
        await Until.True(() => rig.Head.LastRequest is { FreeSlots: 0, Running.Length: 1 }, () => $"{rig.Head.LastRequest}");
        rig.Head.Order(Grant(2).Trial, 1);
        await Until.True(() => rig.Head.LastRequest is { FreeSlots: 2, Running.Length: 0 }, () => $"{rig.Head.LastRequest}");
    }

    [Fact]
    public async Task A_head_that_fails_now_and_then_hears_everything_once_and_in_order()
    {
        await using var rig = await StartAsync(2);
        var calls = 0;
        rig.Head.OnRequest = _ =>
        {
            if (Interlocked.Increment(ref calls) % 3 == 1)
            {
                throw new InvalidOperationException("the head is out of sorts");
            }
        };
        rig.Head.Offer(Enumerable.Range(1, 20).Select(trial => Grant(trial, 1, "noop", ("epochs", ParameterValue.Of(5L)))));
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == 20, () => $"{rig.Head.Ended} ended");
        for (var trial = 1; trial <= 20; trial++)
        {
            Assert.Equal(
                ["Started", "1", "2", "3", "4", "5", "Completed"],
                rig.Head.Heard(trial).Select(told => told is AttemptEvent.Reported(var report, _) ? $"{report.Epoch}" : told.GetType().Name));
        }
    }

    [Fact]
    public async Task A_drain_by_the_head_gives_back_what_runs_and_what_waits_until_it_is_taken_back()
    {
        await using var rig = await StartAsync(1);
        rig.Head.Offer([Grant(1, 1, "noop", Long)]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Heard(1).Length == 1, () => $"{rig.Head.Heard(1).Length} events");
        rig.Head.Drain = true;
        await Until.True(() => rig.Head.Ended == 1, () => $"{rig.Head.Ended} ended");
        Assert.IsType<AttemptEvent.Released>(rig.Head.Heard(1).Last());
        rig.Head.Offer([Grant(2)]);
        await Until.True(() => rig.Head.LastRequest is { Draining: true, FreeSlots: 0, Events: [] }, () => $"{rig.Head.LastRequest}");
        Assert.Empty(rig.Head.Heard(2));
        rig.Head.Drain = false;
        await Until.True(() => rig.Head.Ended == 2, () => $"{rig.Head.Ended} ended");
    }

    [Fact]
    public async Task A_stop_leaves_in_good_order()
    {
        await using var rig = await StartAsync(1);
        rig.Head.Offer([Grant(1, 1, "noop", Long)]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Heard(1).Length == 1, () => $"{rig.Head.Heard(1).Length} events");
        await rig.StopAsync();
        Assert.IsType<AttemptEvent.Released>(rig.Head.Heard(1).Last());
        Assert.True(rig.Head.LastRequest is { Leaving: true, Draining: true, Running: [] }, $"{rig.Head.LastRequest}");
    }

    [Fact]
    public async Task An_order_ends_a_running_trial_at_once()
    {
        await using var rig = await StartAsync(1);
        var grant = Grant(1, 1, "noop", Long);
        rig.Head.Offer([grant]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Heard(1).Length == 1, () => $"{rig.Head.Heard(1).Length} events");
        rig.Head.Order(grant.Trial, grant.Lease);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == 1, () => $"{rig.Head.Ended} ended");
        Assert.IsType<AttemptEvent.Stopped>(rig.Head.Heard(1).Last());
    }

    [Fact]
    public async Task What_waits_behind_a_long_trial_is_given_back()
    {
        await using var rig = await StartAsync(1);
        await rig.BeginAsync(Grant(1, 1, "noop", Long));
        await rig.BeginAsync(Grant(2));
        await Until.True(() => rig.Head.Heard(2).Length == 1, () => $"{rig.Head.Heard(2).Length} events");
        Assert.IsType<AttemptEvent.Released>(rig.Head.Heard(2).Single());
    }

    [Fact]
    public async Task A_runner_that_starts_slowly_does_not_make_its_trials_long()
    {
        // Asking ahead begins with the first short trial, not after twenty of them have outweighed the runner's start.
        string[] slow = ["bash", "-c", """sleep 2; while read -r; do echo '{"type":"started"}'; echo '{"type":"done"}'; done"""];
        await using var rig = await WorkerRig.StartAsync(1, options => options with { RunnerCommand = [.. slow], Isolate = true });
        rig.Head.Offer(Enumerable.Range(1, 5).Select(trial => Grant(trial)));
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == 5, () => $"{rig.Head.Ended} ended");
        await Until.True(() => rig.Head.LastRequest is { Ahead: > 0 }, () => $"{rig.Head.LastRequest}");
    }

    [Fact]
    public async Task Who_has_more_to_tell_than_one_message_holds_asks_for_no_trials_ahead()
    {
        await using var rig = await StartAsync(1);
        var away = true;
        var requests = new ConcurrentQueue<(int Events, int Ahead)>();
        rig.Head.OnRequest = request =>
        {
            if (Volatile.Read(ref away))
            {
                throw new InvalidOperationException("away");
            }

            requests.Enqueue((request.Events.Length, request.Ahead));
        };
        foreach (var trial in Enumerable.Range(1, Outbox.MaxEvents / 2))
        {
            await rig.BeginAsync(Grant(trial));
        }

        await Until.True(() => rig.Core.Held == 0, () => $"{rig.Core.Held} held");
        Volatile.Write(ref away, false);
        await Until.True(() => requests.LastOrDefault().Ahead > 0, () => string.Join(' ', requests));
        Assert.Equal((Outbox.MaxEvents, 0), requests.First());
    }

    [Fact]
    public async Task A_lease_that_has_ended_here_never_runs_again()
    {
        await using var rig = await StartAsync(1);
        await rig.BeginAsync(Grant(1));
        await Until.True(() => rig.Head.Heard(1).Length == 3, () => $"{rig.Head.Heard(1).Length} events");
        await rig.BeginAsync(Grant(1));
        await Until.True(() => rig.Head.Heard(1).Length == 4, () => $"{rig.Head.Heard(1).Length} events");
        Assert.Equal(["Started", "Reported", "Completed", "Released"], rig.Head.Heard(1).Select(told => told.GetType().Name));
    }

    [Fact]
    public async Task A_thousand_trials_at_once_report_as_they_should()
    {
        await using var rig = await StartAsync(1000);
        rig.Head.Offer(Enumerable.Range(1, 1000).Select(trial => Grant(trial, 1, "noop", ("epochs", ParameterValue.Of(5L)), ("sleep_ms", ParameterValue.Of(100L)))));
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == 1000, () => $"{rig.Head.Ended} ended");
        Assert.All(Enumerable.Range(1, 1000), trial => Assert.Equal(7, rig.Head.Heard(trial).Length));
    }

    [Fact]
    public async Task A_test_function_past_its_time_is_ended()
    {
        await using var rig = await StartAsync(1);
        rig.Head.Offer([Grant(1, 1, "noop", Long) with { TrialTime = TimeSpan.FromMilliseconds(200) }]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == 1, () => $"{rig.Head.Ended} ended");
        Assert.Equal(Trials.FailureCause.Timeout, Assert.IsType<AttemptEvent.Failed>(rig.Head.Heard(1).Last()).Cause);
    }
}
