using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class PreemptionTests
{
    private static readonly SweepId High = SweepId.Parse("high-0001");
    private static readonly SweepId Higher = SweepId.Parse("more-0001");
    private static readonly PlacementConstraint Anywhere = new(null, null);
    private static readonly PlacementConstraint OnA100 = new(null, "a100");

    [Fact]
    public void The_lowest_priority_gives_way_first_and_in_it_the_trial_that_ran_for_the_shortest_time()
    {
        var taken = Preemption.Of([new SlotWish(High, 5, 2, Anywhere)], [Worker(4, Held(1, 1, 100), Held(2, 0, 500), Held(3, 0, 50), Held(4, 3, 10))]);

        Assert.Equal([3, 2], taken.Select(one => one.Holder.Trial.Number));
        Assert.All(taken, one => Assert.Equal(High, one.For));
    }

    [Fact]
    public void No_more_are_taken_than_can_be_used()
    {
        Assert.Single(Preemption.Of([new SlotWish(High, 5, 2, Anywhere)], [Worker(3, Held(1, 0, 100), Held(2, 0, 100))]));
        Assert.Empty(Preemption.Of([new SlotWish(High, 5, 1, Anywhere)], [Worker(2, Held(1, 0, 100), Held(2, 0, 100) with { Leaves = true })]));
        Assert.Empty(Preemption.Of([new SlotWish(High, 5, 0, Anywhere)], [Worker(1, Held(1, 0, 100))]));
    }

    [Theory]
    [InlineData(40, false, 0)]
    [InlineData(20, false, 1)]
    [InlineData(20, true, 0)]
    public void A_free_slot_without_the_memory_of_its_GPU_is_none_and_a_trial_that_leaves_makes_room(long free, bool leaves, int taken)
    {
        var gpu = new GpuShare { Capacity = 80, Most = 80, Free = free, Trials = 2, Sweeps = [new SweepMemory(High, 30)] };
        var worker = Worker(4, Held(1, 0, 100), Held(2, 0, 100) with { Leaves = leaves }) with { Gpu = gpu };
        Assert.Equal(taken, Preemption.Of([new SlotWish(High, 5, 1, Anywhere)], [worker]).Count);
        Assert.Equal(taken, Preemption.Of([new SlotWish(Higher, 5, 1, new PlacementConstraint(null, null, 0, 30))], [worker]).Count);
        Assert.Empty(Preemption.Of([new SlotWish(High, 5, 1, Anywhere)], [worker with { Gpu = gpu with { Sweeps = [new SweepMemory(High, null)] } }]));
    }

    [Fact]
    public void Equals_and_those_above_keep_their_slots()
    {
        Assert.Empty(Preemption.Of([new SlotWish(High, 5, 2, Anywhere)], [Worker(2, Held(1, 5, 100), Held(2, 6, 100))]));
    }

    [Fact]
    public void Only_slots_that_the_sweep_may_use_are_taken_back()
    {
        SlotsOfWorker[] workers = [Worker(1, Held(1, 0, 100)), Worker(1, Held(2, 0, 200)) with { Offer = new WorkerOffer { Tags = ["a100"] } }];

        Assert.Equal(2, Preemption.Of([new SlotWish(High, 5, 1, OnA100)], workers).Single().Holder.Trial.Number);
    }

    [Fact]
    public void A_free_slot_is_promised_once_and_a_trial_is_taken_once()
    {
        var taken = Preemption.Of(
            [new SlotWish(Higher, 9, 1, Anywhere), new SlotWish(High, 5, 1, Anywhere)],
            [Worker(2, Held(1, 0, 100))]);
        Assert.Equal(High, Assert.Single(taken).For);

        taken = Preemption.Of([new SlotWish(Higher, 9, 1, Anywhere), new SlotWish(High, 5, 9, Anywhere)], [Worker(2, Held(1, 0, 100), Held(2, 0, 200))]);
        Assert.Equal([(1, Higher), (2, High)], taken.Select(one => (one.Holder.Trial.Number, one.For)));
    }

    [Fact]
    public void What_has_just_begun_is_left_alone()
    {
        Assert.Empty(Preemption.Of([new SlotWish(High, 5, 1, Anywhere)], [Worker(1, Held(1, 0, 1))]));
    }

    private static SlotsOfWorker Worker(int slots, params SlotHolder[] held) => new(slots, new WorkerOffer(), held);

    private static SlotHolder Held(int trial, int priority, int seconds) => new(new TrialId(SweepId.Parse("low-0001"), trial), 1, priority, TimeSpan.FromSeconds(seconds), false);
}
