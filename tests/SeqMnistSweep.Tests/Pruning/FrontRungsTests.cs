using SeqMnistSweep.Pruning;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

/// <summary>Pruners in a sweep with several metrics.</summary>
public sealed class FrontRungsTests
{
    private static readonly RungLadder Ladder = new(1, 4, 2);

    [Fact]
    public void Who_is_best_in_either_metric_goes_on_before_who_is_second_in_both()
    {
        LearningCurve[] trials = [Paused(1, 0.5, 0.5), Paused(2, 0.9, 0.1), Paused(3, 0.1, 0.9), Paused(4, 0.4, 0.4)];
        var promoter = new AshaPromoter(Ladder, 2);
        Assert.Equal((2, "number 1 of 4 by fronts after epoch 1"), Next(promoter, trials));
        Assert.Equal((3, "number 2 of 4 by fronts after epoch 1"), Next(promoter, [trials[0], On(trials[1]), trials[2], trials[3]]));

        // Two of four go on, and no more.
        Assert.Empty(promoter.Next([trials[0], On(trials[1]), On(trials[2]), trials[3]], isLast: false));
        LearningCurve[] larger = [trials[0], On(trials[1]), On(trials[2]), trials[3], Paused(5, 0.2, 0.2), Paused(6, 0.3, 0.3)];
        Assert.Equal((1, "number 3 of 6 by fronts after epoch 1"), Next(promoter, larger));
    }

    [Fact]
    public void Who_failed_later_is_behind_all()
    {
        var failed = Paused(1, 0.9, 0.9) with { State = TrialState.Failed };
        Assert.Equal((2, "number 1 of 2 by fronts after epoch 1"), Next(new AshaPromoter(Ladder, 2), [failed, Paused(2, 0.1, 0.1)]));
    }

    [Fact]
    public void A_metric_that_was_not_told_is_the_worst_in_it()
    {
        LearningCurve[] trials = [Paused(1, 0.5, double.NaN), Paused(2, 0.4, 0.1), Paused(3, 0.4, double.NaN), Paused(4, 0.3, 0.05)];
        var promoter = new AshaPromoter(Ladder, 2);
        Assert.Equal(1, Next(promoter, trials).Trial);
        Assert.Equal(2, Next(promoter, [On(trials[0]), .. trials[1..]]).Trial);
        Assert.Empty(promoter.Next([On(trials[0]), On(trials[1]), .. trials[2..]], isLast: false));
    }

    [Theory]
    [InlineData(0.2, 0.8, Verdict.Continue)]   // on the front, at an end
    [InlineData(0.55, 0.55, Verdict.Continue)] // on it, far from its neighbours
    [InlineData(0.4, 0.4, Verdict.Stop)]       // behind it
    public void Where_nobody_waits_who_arrives_is_judged_by_its_front(double first, double second, Verdict verdict)
    {
        LearningCurve[] others = [Paused(1, 0.5, 0.5), Paused(2, 0.9, 0.1), Paused(3, 0.1, 0.7), Paused(4, 0.3, 0.3), Paused(5, 0.2, 0.2)];
        Assert.Equal(verdict, new AshaPruner(Ladder, 2).Judge(Paused(6, first, second) with { State = TrialState.Running }, others));
    }

    [Theory]
    [InlineData(0.2, 0.8, Verdict.Continue)]   // on the front, at an end
    [InlineData(0.4, 0.4, Verdict.Stop)]       // behind it, though the second best in both
    public void So_it_is_by_hyperband_and_the_median(double first, double second, Verdict verdict)
    {
        LearningCurve[] others = [Paused(1, 0.5, 0.5), Paused(2, 0.9, 0.1), Paused(3, 0.1, 0.7), Paused(4, 0.3, 0.3), Paused(5, 0.2, 0.2)];
        var trial = Paused(6, first, second) with { State = TrialState.Running };
        Assert.Equal(verdict, new HyperbandPruner([1], 3, strict: true).Judge(trial, others));
        Assert.Equal(verdict, new PercentilePruner(50, 5, 0).Judge(trial, others.Select(other => other with { State = TrialState.Completed })));
    }

    [Fact]
    public void Patience_lasts_while_one_of_them_becomes_better()
    {
        var trial = new LearningCurve(1, TrialState.Running, [0.5, 0.4, 0.4, 0.4]) { Others = [[0.1, 0.1, 0.2, 0.2]] };
        Assert.Equal(Verdict.Continue, new PatiencePruner(2, 0, 0).Judge(trial, []));
        Assert.Equal(Verdict.Stop, new PatiencePruner(1, 0, 0).Judge(trial, []));
        Assert.Equal("no better since epoch 3", new PatiencePruner(1, 0, 0).Convergence(trial));
        Assert.Equal(Verdict.Stop, new PatiencePruner(2, 0, 0).Judge(trial with { Others = [] }, []));
    }

    private static (int Trial, string Reason) Next(AshaPromoter promoter, IReadOnlyCollection<LearningCurve> trials)
    {
        var promotion = Assert.Single(promoter.Next(trials, isLast: false));
        return (promotion.Trial, promotion.Reason);
    }

    /// <summary>At the rung of epoch 1; the larger the better.</summary>
    private static LearningCurve Paused(int trial, double first, double second) =>
        new(trial, TrialState.Paused, [first]) { Others = [[second]] };

    private static LearningCurve On(LearningCurve trial) => trial with { State = TrialState.Running };
}
