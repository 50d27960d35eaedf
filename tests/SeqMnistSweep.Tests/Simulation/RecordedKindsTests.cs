using SeqMnistSweep.Simulation;

namespace SeqMnistSweep.Tests.Simulation;

/// <summary>Ladders on recorded trainings of other kinds than <see cref="RealCurves"/>: longer ones, glyphs, and two models that are no TCN.</summary>
public sealed class RecordedKindsTests
{
    private const int Orders = 30;

    [Theory]
    [InlineData("glyphs", 96, 12)]
    [InlineData("long", 64, 27)]
    [InlineData("mlp", 96, 27)]
    [InlineData("boost", 96, 27)]
    public void All_were_trained_to_the_end(string kind, int trials, int epochs)
    {
        var (_, curves) = RealCurves.OfKind(kind);
        Assert.Equal(trials, curves.Length);
        Assert.All(curves, curve => Assert.Equal(epochs, curve.Values.Length));
    }

    [Theory]
    [InlineData("glyphs")]
    [InlineData("long")]
    [InlineData("mlp")]
    public void Asha_alone_loses_less_than_random_search_with_as_many_epochs(string kind)
    {
        var (asha, random) = (Regret(kind, "early_terminate: {type: asha}"), Regret(kind, ""));
        Assert.True(asha < random * 0.7, $"asha {asha}, random {random}");
    }

    /// <summary>The best boosted trees learn slowly, so that their first epochs say nothing, and a ladder does not pay. The report says so.</summary>
    [Theory]
    [InlineData("boost", true)]
    [InlineData("glyphs", false)]
    [InlineData("long", false)]
    [InlineData("mlp", false)]
    public void A_first_rung_that_tells_nothing_is_told(string kind, bool tellsNothing)
    {
        var (definition, curves) = RealCurves.OfKind(kind, "early_terminate: {type: asha, min_epochs: 1}");
        var reports = SimulatedRungs.Of(definition, new SweepSimulation(definition, curves, 1, 1).Run(), curves);
        Assert.Equal(tellsNothing, reports[0].TellsNothing);
        Assert.False(reports[^1].TellsNothing);
    }

    /// <summary>The mean over orders of the trials, with one worker and the epochs of eight full trainings.</summary>
    private static double Regret(string kind, string pruner)
    {
        var (definition, curves) = RealCurves.OfKind(kind, pruner);
        return Enumerable.Range(0, Orders).Average(order =>
            RealCurves.Best(curves) - new SweepSimulation(definition, curves, 1, order, 8 * curves[0].Values.Length).Run().Epochs.Max(epoch => epoch.Value));
    }
}
