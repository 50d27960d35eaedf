using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class CheckpointRulesTests
{
    private static readonly double[] Values = [0.5, 0.8, 0.6, 0.4, 0.3];

    [Fact]
    public void Of_a_program_the_best_is_kept_with_the_last_two_while_it_runs_and_alone_when_it_has_ended()
    {
        var (rig, grant) = Run(CheckpointKeep.Best, Values);
        Assert.Equal(["c1", "c3"], rig.Dropped);
        var row = rig.Rows[1];
        Assert.Equal(("c5", "c4", "c2"), (row.Checkpoint!.Digest, row.EarlierCheckpoint!.Digest, row.BestCheckpoint!.Digest));
        rig.Complete(grant);
        Assert.Equal(["c1", "c3", "c5", "c4"], rig.Dropped);
    }

    [Theory]
    [InlineData(CheckpointKeep.Last, "c1,c2,c3,c4")]
    [InlineData(CheckpointKeep.None, "c1,c2,c3,c4,c5")]
    [InlineData(CheckpointKeep.All, "")]
    public void Others_keep_what_they_say(CheckpointKeep keep, string dropped)
    {
        var (rig, grant) = Run(keep, Values);
        rig.Complete(grant);
        Assert.Equal(dropped.Split(',', StringSplitOptions.RemoveEmptyEntries), rig.Dropped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_best_may_be_one_of_the_last_two_and_the_earlier_one_of_equals_is()
    {
        var (rig, grant) = Run(CheckpointKeep.Best, 0.1, 0.2, 0.9, 0.9);
        Assert.Null(rig.Rows[1].BestCheckpoint);
        rig.Complete(grant);
        Assert.Equal(["c1", "c2", "c4"], rig.Dropped);
    }

    [Fact]
    public void What_has_no_finite_value_is_not_the_best_but_the_last_of_them_stays()
    {
        var (rig, grant) = Run(CheckpointKeep.Best, double.NaN, double.PositiveInfinity, double.NaN);
        rig.Complete(grant);
        Assert.Equal(["c1", "c2"], rig.Dropped);
    }

    [Fact]
    public void A_trial_that_lost_its_last_two_goes_on_from_the_best()
    {
        var (rig, grant) = Run(CheckpointKeep.Best, Values);
        foreach (var next in (string[])["c4", "c2"])
        {
            rig.Tell(grant, new AttemptEvent.CheckpointLost(rig.Rows[1].Checkpoint!, "it is damaged"));
            grant = rig.Grant()!;
            Assert.Equal(next, grant.Resume!.Digest);
        }
    }

    private static (ScheduleRig Rig, TrialGrant Grant) Run(CheckpointKeep keep, params double[] values)
    {
        var rig = new ScheduleRig(1, definition => definition with { Program = "train.py", Checkpoint = new CheckpointPolicy(1, keep) }, epochs: values.Length);
        var grant = rig.Running();
        for (var epoch = 1; epoch <= values.Length; epoch++)
        {
            rig.Report(grant, epoch, values[epoch - 1], $"c{epoch}");
        }

        return (rig, grant);
    }
}
