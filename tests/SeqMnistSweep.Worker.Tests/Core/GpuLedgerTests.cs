using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.Worker.Tests.Core;

public sealed class GpuLedgerTests
{
    private static readonly SweepId One = SweepId.Parse("one-0000");
    private static readonly SweepId Other = SweepId.Parse("other-0000");

    [Fact]
    public void The_most_that_a_trial_of_a_sweep_had_is_what_the_next_ones_need()
    {
        var ledger = Ledger();
        Assert.Null(ledger.NeedOf(One));
        ledger.Measure(One, 30);
        ledger.Measure(One, 20);
        ledger.Measure(Other, 0);
        Assert.Equal((30L, 0L), (ledger.NeedOf(One), ledger.NeedOf(Other)));
        Assert.Equal(70, Share(ledger, new HeldMemory(One, 0, null, null)).Free);
    }

    [Fact]
    public void A_trial_counts_with_what_it_asks_for_or_has_whichever_is_more()
    {
        var share = Share(Ledger(), new(One, 0, 30, 10), new(One, 1, 30, 35), new(Other, 2, null, 5));
        Assert.Equal((100 - 30 - 35 - 5, 3), (share.Free, share.Trials));
        Assert.Equal(new SweepMemory(Other, null), Assert.Single(share.Sweeps));
    }

    [Fact]
    public void What_programs_of_others_have_is_not_to_be_had()
    {
        var ledger = new GpuLedger([new DeviceMemory(40, 100)], slots: 2);
        Assert.Equal((60, 60, 60), Numbers(ledger));

        // Of 70 its own processes, those that wait for the next trial too, have 50.
        ledger.Read([(new DeviceMemory(70, 100), 50)]);
        Assert.Equal((80, 80, 80), Numbers(ledger));

        // Where the driver does not tell them apart, others have at most what they had.
        ledger.Read([(new DeviceMemory(90, 100), null)]);
        Assert.Equal((80, 80, 80), Numbers(ledger));
        ledger.Read([(new DeviceMemory(10, 100), null)]);
        Assert.Equal((90, 90, 90), Numbers(ledger));
    }

    [Fact]
    public void Slots_with_GPUs_of_their_own_take_nothing_from_each_other()
    {
        var ledger = new GpuLedger([new(0, 50), new(10, 60)], slots: 2);
        Assert.Equal((100, 50, 100), Numbers(ledger));
        Assert.Equal(50, Share(ledger, new HeldMemory(One, 0, 50, null)).Free);
        Assert.False(ledger.SharesSeveral);

        // A trial of both needs as much of each.
        Assert.Equal((80, 80, 80), Numbers(new GpuLedger([new(0, 40), new(10, 60)], slots: 1)));

        // Each slot counts as much as the poorest has.
        ledger.Read([(new DeviceMemory(20, 50), 0), (new DeviceMemory(10, 60), 0)]);
        Assert.Equal((60, 30, 60), Numbers(ledger));
    }

    [Fact]
    public void Where_slots_share_several_GPUs_trials_begin_on_the_one_with_the_most_room()
    {
        // Slots 0 and 2 have the first GPU, 1 and 3 the second.
        var ledger = new GpuLedger([new(0, 80), new(10, 80)], slots: 4);
        Assert.True(ledger.SharesSeveral);
        Assert.Equal((150, 80, 80), Numbers(ledger));
        Assert.Equal([0, 2], ledger.Roomiest([3, 2, 1, 0], []).Order());

        HeldMemory first = new(One, 0, 50, null), second = new(One, 1, 30, null), waits = new(One, null, 5, null);
        Assert.Equal([1, 3], ledger.Roomiest([3, 2, 1], [first]).Order());
        Assert.Equal((70, 30), Free(ledger.Share([first], [1, 2, 3])));
        Assert.Equal((40, 30), Free(ledger.Share([first, second], [2, 3])));

        // The second has no free slot any more, whatever it has left; one that waits may get any.
        Assert.Equal((25, 34), Free(ledger.Share([first, second, waits, new(One, 3, 1, null)], [2])));
        Assert.Empty(ledger.Roomiest([], []));

        static (long, long) Free(GpuShare share) => (share.Free, Assert.Single(share.FreeElsewhere));
    }

    [Fact]
    public void As_many_as_fit_beside_each_other_where_the_most_room_is_fit_in_any_order()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var ledger = new GpuLedger([new(0, 80), new(0, 60), new(0, 100)], slots: 9);
            var held = new List<HeldMemory>();
            while (true)
            {
                // The head's part: the sum of what it grants is no more than what it was told.
                List<int> free = [.. Enumerable.Range(0, 9).Except(held.Select(one => one.Slot!.Value))];
                var (share, slots) = (ledger.Share(held, free), ledger.Roomiest(free, held).Count);
                var grants = new List<long>();
                while (grants.Count < slots && random.Next(1, 60) is var needed && grants.Sum() + needed <= share.Free)
                {
                    grants.Add(needed);
                }

                if (grants.Count == 0) break;

                foreach (var needed in grants)
                {
                    free = [.. Enumerable.Range(0, 9).Except(held.Select(one => one.Slot!.Value))];
                    held.Add(new HeldMemory(One, ledger.Roomiest(free, held)[0], needed, null));
                }

                var left = ledger.Share(held, []);
                Assert.All(left.FreeElsewhere.Append(left.Free), room => Assert.InRange(room, 0, 100));
            }
        }
    }

    [Fact]
    public void It_remembers_a_hundred_sweeps()
    {
        var ledger = Ledger();
        for (var i = 0; i < 150; i++)
        {
            ledger.Measure(SweepId.Parse($"s{i}-0000"), 1);
        }

        Assert.Equal(100, Share(ledger).Sweeps.Length);
        Assert.Null(ledger.NeedOf(SweepId.Parse("s0-0000")));
        Assert.NotNull(ledger.NeedOf(SweepId.Parse("s149-0000")));
    }

    private static GpuLedger Ledger() => new([new DeviceMemory(0, 100)], slots: 4);

    private static GpuShare Share(GpuLedger ledger, params HeldMemory[] held) => ledger.Share(held, [.. Enumerable.Range(0, 4)]);

    private static (long Capacity, long Most, long Free) Numbers(GpuLedger ledger) =>
        Share(ledger) is var share ? (share.Capacity, share.Most, share.Free) : default;
}
