using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>Population based training: four trials of four epochs, compared after each.</summary>
public sealed class PopulationTests
{
    [Fact]
    public void A_copy_goes_on_from_the_best_ones_checkpoint_in_the_place_of_the_worst()
    {
        var rig = Rig();
        Generation(rig, 1, 0.4, 0.1, 0.2, 0.3);
        var grants = Enumerable.Range(0, 4).Select(_ => rig.Grant()!).ToList();

        Assert.Null(rig.Grant());
        Assert.Equal([1, 3, 4, 5], grants.Select(grant => grant.Trial.Number).Order());
        var copy = grants.Single(grant => grant.Trial.Number == 5);
        Assert.Equal(("1-1", 1, 1), (copy.Resume!.Digest, copy.Resume.Epoch, copy.Attempt));
        Assert.Equal("copy of trial 1 after epoch 1", rig.Rows[5].Origin);
        Assert.Equal(TrialState.Pruned, rig.Rows[2].State);
        Assert.Contains(rig.Events, happened => happened.What is Occurrence.TrialMoved { Trial: 2, Cause: TransitionCause.Replaced } && happened.Reason == "number 4 of 4 after epoch 1: a copy of trial 1 takes its place");
    }

    [Fact]
    public void A_copy_reports_from_the_next_epoch_on_and_is_compared_like_any_other()
    {
        var rig = Rig();
        Generation(rig, 1, 0.4, 0.1, 0.2, 0.3);
        Generation(rig, 2, 0.4, 0.2, 0.3, 0.9);
        Assert.Equal(0.9, rig.Rows[5].Value);
        var grants = Enumerable.Range(0, 4).Select(_ => rig.Grant()!).ToList();
        Assert.Equal("5-2", grants.Single(grant => grant.Trial.Number == 6).Resume!.Digest);
    }

    [Fact]
    public void A_head_that_starts_again_goes_on_with_the_same_population()
    {
        var (one, other) = (Rig(), Rig());
        Generation(one, 1, 0.4, 0.1, 0.2, 0.3);
        Generation(other, 1, 0.4, 0.1, 0.2, 0.3);
        other.Rebuild();
        Generation(one, 2, 0.1, 0.2, 0.3, 0.4);
        Generation(other, 2, 0.1, 0.2, 0.3, 0.4);
        one.Grant();
        other.Rebuild();
        other.Grant();
        Assert.Equal(one.Rows.Values.Select(row => (row.State, row.Parameters)), other.Rows.Values.Select(row => (row.State, row.Parameters)));
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_copied_costs_the_copy_and_an_event_says_so()
    {
        var rig = Rig();
        rig.CopyProblem = "it is gone";
        Generation(rig, 1, 0.4, 0.1, 0.2, 0.3);
        var grants = Enumerable.Range(0, 4).Select(_ => rig.Grant()!).ToList();

        Assert.Equal([(1, "1-1"), (2, "2-1"), (3, "3-1"), (4, "4-1")], grants.Select(grant => (grant.Trial.Number, grant.Resume!.Digest)).Order());
        Assert.Contains(rig.Events, happened => happened.What is Occurrence.TrialMoved { Trial: 2, Cause: TransitionCause.Promoted }
            && happened.Reason == "goes on itself, no copy of trial 1 could take its place: it is gone");
    }

    [Fact]
    public void Members_without_checkpoints_train_on_side_by_side()
    {
        var rig = Rig();
        foreach (var score in new[] { 0.4, 0.1, 0.2, 0.3 })
        {
            var grant = rig.Running();
            for (var epoch = 1; epoch <= 4; epoch++)
            {
                Assert.Equal(Verdict.Continue, rig.Report(grant, epoch, score).Verdict);
            }

            rig.Complete(grant);
        }

        Assert.Null(rig.Grant());
        Assert.Equal((SweepState.Completed, 4), (rig.Row.State, rig.Rows.Count));
    }

    [Fact]
    public void A_population_ends_with_its_last_epoch()
    {
        var rig = Rig();
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            Generation(rig, epoch, 0.4, 0.1, 0.2, 0.3);
        }

        Assert.Equal(SweepState.Completed, rig.Row.State);
        Assert.Equal(4, rig.Rows.Values.Count(row => row.State == TrialState.Completed));
        Assert.Equal(3, rig.Rows.Values.Count(row => row.State == TrialState.Pruned));
    }

    /// <summary>Everybody who goes on trains one epoch, in the order of their numbers.</summary>
    private static void Generation(ScheduleRig rig, int epoch, params double[] scores)
    {
        var grants = scores.Select(_ => rig.Running()).OrderBy(grant => grant.Trial.Number).ToList();
        foreach (var (grant, score) in grants.Zip(scores))
        {
            rig.Report(grant, epoch, score, $"{grant.Trial.Number}-{epoch}");
            if (epoch == 4)
            {
                rig.Complete(grant);
            }
        }
    }

    private static ScheduleRig Rig()
    {
        var file = SweepFile.Parse("{program: noop, method: pbt, run_cap: 4, metric: {name: value, goal: maximize}, parameters: {x: {min: 0.0, max: 9.0}, epochs: {value: 4}}}", "rig.yaml").Definition!;
        return new ScheduleRig(4, _ => file, epochs: 4);
    }
}
