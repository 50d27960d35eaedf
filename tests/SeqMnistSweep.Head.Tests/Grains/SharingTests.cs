using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

public sealed class SharingTests : IAsyncLifetime
{
    private HeadRig _rig = null!;

    public async Task InitializeAsync() => _rig = await HeadRig.StartAsync();

    public Task DisposeAsync() => _rig.DisposeAsync().AsTask();

    [Fact]
    public async Task Slots_are_shared_by_weight_among_sweeps_of_one_priority()
    {
        var light = await _rig.SubmitAsync(Wide("light", ""));
        var heavy = await _rig.SubmitAsync(Wide("heavy", "weight: 3, "));
        var worker = _rig.Worker("w", slots: 8);

        await worker.ExchangeAsync();

        Assert.Equal((2, 6), (Held(worker, light), Held(worker, heavy)));
    }

    [Fact]
    public async Task A_weight_that_is_edited_counts_from_the_next_slot()
    {
        var first = await _rig.SubmitAsync(Wide("first", ""));
        var second = await _rig.SubmitAsync(Wide("second", ""));
        await _rig.Sweep(first).Edit(new EditRequest(new SweepAction("ada", "hurry")) { Edits = new SweepEdits { Weight = 7 } });
        var worker = _rig.Worker("w", slots: 8);

        await worker.ExchangeAsync();

        Assert.Equal((7, 1), (Held(worker, first), Held(worker, second)));
        Assert.Equal(7, _rig.Reader.Sweep(first)!.Weight);
    }

    [Fact]
    public async Task A_sweep_that_cannot_use_its_part_leaves_it_to_the_others()
    {
        var narrow = await _rig.SubmitAsync("{name: narrow, weight: 9, program: noop, method: grid, parameters: {x: {values: [1]}}}");
        var wide = await _rig.SubmitAsync(Wide("wide", ""));
        var worker = _rig.Worker("w", slots: 8);

        await worker.ExchangeAsync();

        Assert.Equal((1, 7), (Held(worker, narrow), Held(worker, wide)));
    }

    [Fact]
    public async Task A_higher_priority_that_waits_gets_slots_back_as_many_as_it_needs_and_they_do_not_change_hands_again()
    {
        var low = await _rig.SubmitAsync(Wide("low", ""));
        var worker = _rig.Worker("w", slots: 3);
        foreach (var grant in (await worker.ExchangeAsync()).Grants)
        {
            worker.Tell(grant, new AttemptEvent.Started("cpu"));
        }

        var high = await _rig.SubmitAsync("{name: high, priority: 5, program: noop, method: grid, parameters: {x: {values: [1, 2]}}}");
        List<TrialOrder> asked = [];
        await Until.True(
            async () => (asked = [.. (await KeepAsync(worker)).Orders]).Count > 0,
            () => "no slot is asked for");

        Assert.Equal(2, asked.Count);
        Assert.All(asked, order => Assert.True(order.GiveBack));
        Assert.NotNull(await _rig.Head.WhyWaits(high));
        foreach (var order in asked)
        {
            worker.Tell(worker.Running.Single(grant => grant.Trial == order.Trial), new AttemptEvent.Released("drained"));
        }

        var reply = await KeepAsync(worker);

        Assert.Equal([high, high], reply.Grants.Select(grant => grant.Trial.Sweep));
        Assert.Empty(reply.Orders);
        Assert.All(_rig.Reader.LoadSweep(low)!.Trials.Where(trial => asked.Exists(order => order.Trial.Number == trial.Number)), trial => Assert.Equal((TrialState.Queued, 0), (trial.State, trial.Failures)));
        Assert.Equal(2, _rig.Reader.Events(low).Count(happened => happened.Reason == $"preempted by {high}"));
        Assert.Empty((await KeepAsync(worker)).Orders);
    }

    [Fact]
    public async Task Whoever_waits_for_its_part_is_told_who_is_ahead()
    {
        var heavy = await _rig.SubmitAsync(Wide("heavy", "weight: 3, "));
        var worker = _rig.Worker("w", slots: 1);
        await worker.StartAsync();
        var light = await _rig.SubmitAsync(Wide("light", ""));
        await worker.ExchangeAsync();

        var why = await _rig.Head.WhyWaits(light);

        Assert.Contains("1 slot, all busy", why, StringComparison.Ordinal);
        await _rig.Sweep(heavy).Edit(new EditRequest(new SweepAction("ada", "first")) { Edits = new SweepEdits { Priority = 1 } });
        await Until.True(
            async () => (await _rig.Head.WhyWaits(light))?.Contains($"sweep {heavy} of priority 1 goes first", StringComparison.Ordinal) == true,
            () => "nobody is said to go first");
    }

    /// <summary>An exchange whose orders to give back are heard, and obeyed later.</summary>
    private static async Task<ExchangeReply> KeepAsync(FakeWorker worker)
    {
        var before = worker.Running.ToList();
        var reply = await worker.ExchangeAsync();
        worker.Running.AddRange(before.Where(grant => reply.Orders.Any(order => order.GiveBack && order.Trial == grant.Trial && order.Lease == grant.Lease)));
        return reply;
    }

    private static int Held(FakeWorker worker, SweepId sweep) => worker.Running.Count(grant => grant.Trial.Sweep == sweep);

    private static string Wide(string name, string more) => $"{{name: {name}, {more}program: noop, method: grid, parameters: {{x: {{min: 1, max: 200}}}}}}";
}
