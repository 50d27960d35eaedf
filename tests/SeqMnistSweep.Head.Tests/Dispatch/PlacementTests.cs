using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Dispatch;

public sealed class PlacementTests
{
    private readonly Placement _placement = new();

    [Fact]
    public void The_highest_priority_is_asked_first_and_what_it_leaves_goes_to_the_next()
    {
        Put("low", priority: 0);
        Put("high", priority: 5);
        Assert.Equal([("high", 4), ("low", 3)], Asked(4, offer => offer.Sweep.Value.StartsWith("high", StringComparison.Ordinal) ? 1 : offer.Budget.Slots));
        Assert.True(_placement.HasRanks);
        Assert.True(_placement.IsNext(Id("high")));
        Assert.False(_placement.IsNext(Id("low")));
    }

    [Fact]
    public void Equals_share_by_weight()
    {
        Put("light");
        Put("heavy", weight: 3);
        Assert.Equal([("light", 2), ("heavy", 6)], Asked(8, offer => offer.Budget.Slots));
        Assert.False(_placement.HasRanks);
        Assert.False(_placement.IsNext(Id("light")));
    }

    [Fact]
    public void Trials_may_wait_at_a_worker_only_where_no_other_sweep_of_that_rank_or_above_is_open()
    {
        Put("low", priority: 0);
        Put("high", priority: 5);
        Assert.True(_placement.MayWorkAhead(Id("high")));
        Assert.False(_placement.MayWorkAhead(Id("low")));
        Put("high", priority: 5, state: SweepState.Paused);
        Assert.True(_placement.MayWorkAhead(Id("low")));
    }

    [Fact]
    public void What_one_sweep_takes_of_the_GPU_the_next_is_not_offered()
    {
        Put("a");
        Put("b");
        var rooms = new List<long?>();
        var gpu = new GpuShare { Capacity = 80, Most = 80, Free = 80, Trials = 0 };
        foreach (var offer in _placement.Offers(new GrantBudget(new WorkerOffer(), 4, Ahead: 0, Gpu: gpu), except: null))
        {
            rooms.Add(offer.Budget.Gpu?.Free);
            (offer.Granted, offer.Gpu) = (1, offer.Budget.Gpu?.With(offer.Sweep, 30));
        }

        Assert.Equal([80, 50], rooms);
    }

    [Fact]
    public void A_sweep_that_has_ended_is_forgotten_and_one_that_goes_on_again_is_back()
    {
        Put("a");
        _placement.See(Snapshot("a", SweepState.Completed));
        Assert.Empty(_placement.Open);
        _placement.See(Snapshot("a", SweepState.Running));
        Assert.Empty(_placement.Open);
        Put("a");
        Assert.Single(_placement.Open);
    }

    [Fact]
    public void A_sweep_that_waits_is_told_who_goes_first()
    {
        Put("low", priority: 0);
        Put("high", priority: 5);
        Assert.Null(_placement.WhoIsAhead(Id("low")));
        _placement.Open[0].Ticked = Snapshot("high", SweepState.Running) with { Startable = 2 };
        Assert.Equal("sweep high-0000 of priority 5 goes first", _placement.WhoIsAhead(Id("low")));
        Assert.Null(_placement.WhoIsAhead(Id("high")));
    }

    private List<(string Sweep, int Slots)> Asked(int slots, Func<Offer, int> grant)
    {
        var asked = new List<(string, int)>();
        foreach (var offer in _placement.Offers(new GrantBudget(new WorkerOffer(), slots, Ahead: 0), except: null))
        {
            offer.Granted = grant(offer);
            asked.Add((offer.Sweep.Value[..^5], offer.Budget.Slots));
        }

        return asked;
    }

    private void Put(string name, int priority = 0, double weight = 1, SweepState state = SweepState.Running) =>
        _placement.Put(Sweep(name, state) with { Priority = priority, Weight = weight });

    private static SweepSnapshot Snapshot(string name, SweepState state) =>
        new(Sweep(name, state) with { Priority = name == "high" ? 5 : 0 }, default, 0, new PlacementConstraint(null, null), []);

    private static SweepId Id(string name) => SweepId.Parse($"{name}-0000");

    private static SweepRecord Sweep(string name, SweepState state) => new()
    {
        Id = Id(name),
        Name = name,
        State = state,
        Method = "grid",
        Metric = "value",
        Maximize = false,
        Source = "",
        Digest = "",
        Created = DateTimeOffset.UnixEpoch.AddSeconds(name.Length),
    };
}
