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

    /// <summary>Stopping, with eta 3 from epoch 1, was the default of earlier versions.</summary>
    [Theory]
    [InlineData("glyphs", 1, 8)]
    [InlineData("glyphs", 1, 16)]
    [InlineData("long", 1, 8)]
    [InlineData("long", 1, 16)]
    public void Asha_alone_loses_no_more_than_the_earlier_default(string kind, int workers, int trainings)
    {
        var now = Regret(kind, "early_terminate: {type: asha}", workers, trainings);
        var earlier = Regret(kind, "early_terminate: {type: asha, mode: stopping, min_epochs: 1, eta: 3}", workers, trainings);
        Assert.True(now <= earlier, $"{now}, earlier {earlier}");
    }

    /// <summary>The mean over orders of the trials, with the epochs of so many full trainings.</summary>
    private static double Regret(string kind, string pruner, int workers = 1, int trainings = 8)
    {
        var (definition, curves) = RealCurves.OfKind(kind, pruner);
        return Enumerable.Range(0, Orders).Average(order =>
            RealCurves.Best(curves)
                - new SweepSimulation(definition, curves, workers, order, trainings * curves[0].Values.Length).Run().Epochs.Max(epoch => epoch.Value));
    }
}
