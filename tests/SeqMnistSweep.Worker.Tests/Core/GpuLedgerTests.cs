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
        Assert.Equal(70, ledger.Share([(One, null, null)]).Free);
    }

    [Fact]
    public void A_trial_counts_with_what_it_asks_for_or_has_whichever_is_more()
    {
        var share = Ledger().Share([(One, 30, 10), (One, 30, 35), (Other, null, 5)]);
        Assert.Equal((100 - 30 - 35 - 5, 3), (share.Free, share.Trials));
        Assert.Equal(new SweepMemory(Other, null), Assert.Single(share.Sweeps));
    }

    [Fact]
    public void What_programs_of_others_have_is_not_to_be_had()
    {
        var ledger = new GpuLedger(100, others: 40, gpus: 1, slots: 2);
        Assert.Equal((60, 60, 60), Numbers(ledger));

        // Of 70 its own processes, those that wait for the next trial too, have 50.
        ledger.Read(new DeviceMemory(70, 100), own: 50);
        Assert.Equal((80, 80, 80), Numbers(ledger));

        // Where the driver does not tell them apart, others have at most what they had.
        ledger.Read(new DeviceMemory(90, 100), own: null);
        Assert.Equal((80, 80, 80), Numbers(ledger));
        ledger.Read(new DeviceMemory(10, 100), own: null);
        Assert.Equal((90, 90, 90), Numbers(ledger));
    }

    [Fact]
    public void Slots_with_GPUs_of_their_own_have_an_even_share() => Assert.Equal((100, 50, 100), Numbers(new GpuLedger(100, 0, gpus: 2, slots: 2)));

    [Fact]
    public void It_remembers_a_hundred_sweeps()
    {
        var ledger = Ledger();
        for (var i = 0; i < 150; i++)
        {
            ledger.Measure(SweepId.Parse($"s{i}-0000"), 1);
        }

        Assert.Equal(100, ledger.Share([]).Sweeps.Length);
        Assert.Null(ledger.NeedOf(SweepId.Parse("s0-0000")));
        Assert.NotNull(ledger.NeedOf(SweepId.Parse("s149-0000")));
    }

    private static GpuLedger Ledger() => new(100, 0, gpus: 1, slots: 4);

    private static (long Capacity, long Most, long Free) Numbers(GpuLedger ledger) =>
        ledger.Share([]) is var share ? (share.Capacity, share.Most, share.Free) : default;
}
