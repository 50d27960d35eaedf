using System.Collections.Immutable;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Sampling;

public sealed class ObservationTests
{
    [Theory]
    [InlineData("completed 0.5, completed 0.3", ObservationState.Completed, 0.4)]
    [InlineData("completed 0.5", ObservationState.Completed, 0.5)]
    [InlineData("completed 0.1, pruned 0.9", ObservationState.Pruned, null)] // the seed that survived says nothing of the others
    [InlineData("completed 0.1, failed", ObservationState.Pruned, null)]
    [InlineData("completed 0.1, cancelled", ObservationState.Pruned, null)]
    [InlineData("completed 0.1, completed", ObservationState.Completed, null)]
    [InlineData("pruned 0.8", ObservationState.Pruned, 0.8)]
    [InlineData("pruned 0.8, pruned 0.6", ObservationState.Pruned, 0.7)]
    [InlineData("pruned 0.8, failed", ObservationState.Pruned, null)]
    [InlineData("failed, failed 0.1", ObservationState.Failed, null)]
    [InlineData("failed, cancelled", ObservationState.Failed, null)]
    [InlineData("cancelled", ObservationState.Cancelled, null)]
    [InlineData("completed 0.1, queued", ObservationState.Running, null)]
    public void A_search_learns_of_a_configuration_what_the_leaderboard_says_of_it(string trials, ObservationState state, double? loss)
    {
        var seen = Observation.Of(1, ParameterSet.Empty, [.. trials.Split(", ").Select(text => text.Split(' ')).Select(parts =>
            (StateNames.Parse<TrialState>(parts[0]), parts.Length > 1 ? ImmutableArray.Create(double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)) : [], (IReadOnlyList<IReadOnlyList<double>>)[]))]);
        Assert.Equal(state, seen.State);
        Assert.Equal(loss, seen.Loss is { } known ? Math.Round(known, 12) : null);
    }

    /// <summary>Curves are compared epoch by epoch, as far as every seed is; who has lost a seed has none.</summary>
    [Fact]
    public void A_curve_is_that_of_all_seeds()
    {
        Assert.Equal([0.5], Of((TrialState.Completed, [0.25, 0.1]), (TrialState.Pruned, [0.75])).Curve.ToArray());
        Assert.Empty(Of((TrialState.Completed, [0.1, 0.1]), (TrialState.Failed, [0.9])).Curve);

        static Observation Of(params (TrialState State, double[] Curve)[] trials) =>
            Observation.Of(1, ParameterSet.Empty, [.. trials.Select(trial => (trial.State, ImmutableArray.Create(trial.Curve.Min()), (IReadOnlyList<IReadOnlyList<double>>)[trial.Curve]))]);
    }

    [Fact]
    public void Within_a_budget_all_losses_are_those_of_the_best_epoch_of_the_first()
    {
        var seen = Observation.Of(1, ParameterSet.Empty,
            [(TrialState.Paused, [], [[0.5, double.NaN, 0.2, 0.1], [7, 8, 9, 10]]), (TrialState.Paused, [], [[0.7, 0.1, 0.4], [1, 2, 3]])]);
        Assert.Equal([0.6, 4.0], seen.LossesWithin(2)!);
        Assert.Equal([0.3, 6.0], seen.LossesWithin(9)!.Select(loss => Math.Round(loss, 12)));
        Assert.Equal([0.6, 4.0], seen.Before(1, ObservationState.Paused).LossesWithin(9)!);
        Assert.Null(seen.LossesWithin(0));
    }
}
