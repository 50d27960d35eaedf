using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>Which checkpoints a trial goes on from, and which are kept.</summary>
public sealed class TrialCheckpointsTests
{
    [Fact]
    public void A_resumed_trial_goes_on_from_its_last_checkpoint_and_the_one_before_it_stays()
    {
        var rig = new ScheduleRig();
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        rig.Report(grant, 2, 0.6, "bb");
        Assert.Empty(rig.Dropped);
        rig.Report(grant, 3, 0.6, "cc");
        rig.Lose(grant);

        var again = rig.Grant()!;
        Assert.Equal("cc", again.Resume!.Digest);
        Assert.Equal(2, again.Attempt);
        Assert.Equal(["aa"], rig.Dropped);
    }

    [Fact]
    public void A_trial_whose_checkpoint_is_lost_goes_on_from_the_one_before_and_at_last_from_nothing()
    {
        var rig = new ScheduleRig(configurations: 1);
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        rig.Report(grant, 2, 0.6, "bb");
        rig.Lose(grant);

        var second = rig.Grant()!;
        rig.Tell(second, new AttemptEvent.CheckpointLost(second.Resume!, "it is damaged"));
        Assert.Equal(TrialState.Queued, rig.Rows[1].State);
        Assert.Equal(["bb"], rig.Dropped);
        Assert.Contains(rig.Events, e => e.What is Occurrence.CheckpointLost && e.Reason.Contains("of epoch 1", StringComparison.Ordinal));

        var third = rig.Grant()!;
        Assert.Equal("aa", third.Resume!.Digest);
        rig.Tell(third, new AttemptEvent.CheckpointLost(third.Resume, "it is missing"));
        Assert.Contains(rig.Events, e => e.What is Occurrence.CheckpointLost && e.Reason.Contains("starts anew", StringComparison.Ordinal));

        var fourth = rig.Grant()!;
        Assert.Null(fourth.Resume);
        rig.Tell(fourth, new AttemptEvent.Started("cpu"));
        rig.Report(fourth, 1, 0.5, "aa");
        Assert.Equal("aa", rig.Rows[1].Checkpoint!.Digest);
        Assert.DoesNotContain(rig.Events, e => e.What is Occurrence.ReportMismatch);
    }

    [Fact]
    public void An_ended_trial_keeps_its_last_checkpoint_alone()
    {
        var rig = new ScheduleRig();
        var grant = rig.Running();
        rig.Report(grant, 1, 0.5, "aa");
        rig.Report(grant, 2, 0.6, "bb");
        rig.Complete(grant);
        Assert.Equal(["aa"], rig.Dropped);
    }

    [Fact]
    public void Checkpoints_told_again_never_bring_back_one_whose_file_is_gone()
    {
        var rig = new ScheduleRig();
        var grant = rig.Running();
        for (var time = 0; time < 2; time++)
        {
            rig.Report(grant, 1, 0.5, "aa");
            rig.Report(grant, 2, 0.6, "bb");
            rig.Report(grant, 3, 0.7, "cc");
        }

        Assert.Equal(["aa"], rig.Dropped);
        Assert.Equal("cc", rig.Rows[1].Checkpoint!.Digest);
    }

    [Fact]
    public void A_drained_trial_is_queued_again_at_once_and_keeps_its_checkpoint()
    {
        var rig = new ScheduleRig();
        var grant = rig.Running();
        rig.Tell(grant, new AttemptEvent.Checkpointed(new CheckpointFile(0, 17, "cc", 1)));
        rig.Tell(grant, new AttemptEvent.Released("drained"));

        Assert.Contains(rig.Events, e => e.What is Occurrence.TrialMoved { From: TrialState.Running, To: TrialState.Paused, Cause: TransitionCause.Released });
        Assert.Equal(TrialState.Queued, rig.Rows[1].State);
        Assert.Equal("cc", rig.Grant()!.Resume!.Digest);
    }
}
