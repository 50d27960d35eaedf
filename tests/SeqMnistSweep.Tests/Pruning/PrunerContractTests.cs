using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Pruning;

/// <summary>What holds for every pruner that a file can name, in each of its ways.</summary>
public sealed class PrunerContractTests
{
    private const int Epochs = 12;

    private static readonly string[] Ways =
    [
        "type: asha, mode: stopping", "type: asha, mode: stopping, min_epochs: 2, max_epochs: 12, eta: 2, brackets: 3", "type: asha", "type: asha, mode: promotion, max_epochs: 12, brackets: 9",
        "type: hyperband, min_iter: 2", "type: hyperband, max_iter: 18, s: 2, strict: false", "type: median, startup: 2", "type: percentile, startup: 0", "type: patience, patience: 2",
    ];

    public static TheoryData<string> Settings => [.. Ways];

    [Fact]
    public void Every_pruner_is_here() =>
        Assert.Equal(PrunerCatalog.All.Select(pruner => pruner.Name).Order(), Ways.Select(way => way.Split(',')[0]["type: ".Length..]).Distinct().Order());

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_trial_that_is_the_best_in_every_epoch_and_gets_better_is_never_stopped(string settings) =>
        Assert.All(Judged(settings, rank: 0), verdict => Assert.NotEqual(Verdict.Stop, verdict));

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_trial_without_rivals_that_gets_better_is_never_stopped(string settings) =>
        Assert.All(Enumerable.Range(1, Epochs), epoch => Assert.NotEqual(Verdict.Stop, Pruner(settings).Judge(Curve(0, epoch), [])));

    [Theory]
    [MemberData(nameof(Settings))]
    public void Who_is_worse_in_every_epoch_never_goes_further(string settings)
    {
        var ends = Enumerable.Range(0, 20).Select(rank => Judged(settings, rank).TakeWhile(verdict => verdict == Verdict.Continue).Count()).ToList();
        Assert.Equal(ends.OrderDescending(), ends);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_order_of_the_others_does_not_matter(string settings)
    {
        var pruner = Pruner(settings);
        var others = Others(7).ToList();
        Assert.All(Enumerable.Range(1, Epochs), epoch => Assert.Equal(pruner.Judge(Curve(7, epoch), others), pruner.Judge(Curve(7, epoch), Enumerable.Reverse(others))));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_trial_is_never_stopped_where_its_runner_does_not_wait(string settings)
    {
        var pruner = Pruner(settings);
        Assert.All(Enumerable.Range(1, Epochs).Where(epoch => !pruner.IsRung(epoch)), epoch => Assert.Equal(Verdict.Continue, pruner.Judge(Curve(19, epoch), Others(19))));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Only_a_promoter_pauses_and_it_never_stops(string settings)
    {
        var other = Pruner(settings) is IPromoter ? Verdict.Stop : Verdict.Pause;
        Assert.All(Enumerable.Range(0, 20), rank => Assert.DoesNotContain(other, Judged(settings, rank)));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_promoter_lets_one_through_at_the_last_and_nobody_who_does_not_wait(string settings)
    {
        if (Pruner(settings) is IPromoter promoter)
        {
            Assert.Equal([], promoter.Next([Curve(0, 1) with { State = TrialState.Running }], isLast: true));
            Assert.Equal(5, Assert.Single(promoter.Next([Curve(5, 3) with { State = TrialState.Paused }], isLast: true)).Trial - 1);
        }
    }

    private static IPruner Pruner(string settings)
    {
        var file = SweepFile.Parse($"{{method: grid, program: noop, parameters: {{x: {{values: [1, 2]}}}}, early_terminate: {{{settings}}}}}", "x.yaml");
        return PrunerCatalog.Create(file.Definition!)!;
    }

    private static List<Verdict> Judged(string settings, int rank) =>
        [.. Enumerable.Range(1, Epochs).Select(epoch => Pruner(settings).Judge(Curve(rank, epoch), Others(rank)))];

    private static IEnumerable<LearningCurve> Others(int rank) =>
        Enumerable.Range(0, 20).Where(other => other != rank).Select(other => Curve(other, Epochs) with { State = TrialState.Completed });

    // All of one configuration, so that all are in one bracket.
    private static LearningCurve Curve(int rank, int epochs) =>
        new(rank + 1, TrialState.Running, [.. Enumerable.Range(1, epochs).Select(epoch => 1 - (0.5 / epoch) - (rank * 0.01))]) { Configuration = 1 };
}
