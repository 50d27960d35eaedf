using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Worker.Tests.Programs;

public sealed class StepThinningTests
{
    [Fact]
    public void All_are_kept_at_first_then_every_second_then_every_fourth()
    {
        var thinning = new StepThinning();
        var kept = Enumerable.Range(0, 10_000).Where(step => thinning.Takes(step, ["loss"])).ToList();
        Assert.Equal(Enumerable.Range(0, 1000), kept.Take(1000));
        Assert.Equal([1000, 1002, 1004], kept.Skip(1000).Take(3));
        Assert.Equal([3004, 3008], kept.SkipWhile(step => step < 3001).Take(2));
    }

    [Fact]
    public void A_million_steps_become_some_thousand()
    {
        var thinning = new StepThinning();
        Assert.InRange(Enumerable.Range(0, 1_000_000).Count(step => thinning.Takes(step, ["loss"])), 5_000, 12_000);
    }

    [Fact]
    public void Rows_that_come_in_turn_are_all_thinned_alike()
    {
        var thinning = new StepThinning();
        var kept = Enumerable.Range(0, 20_000).Where(step => thinning.Takes(step, [step % 2 == 0 ? "loss" : "lr"])).ToList();
        Assert.InRange(kept.Count(step => step % 2 == 0) - kept.Count(step => step % 2 == 1), -1, 1);
    }
}
