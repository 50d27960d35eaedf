using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.Pruning;

public sealed class AshaDefaultsTests
{
    [Theory]
    [InlineData("program: noop, parameters: {x: {min: 0.0, max: 1.0}, epochs: {value: 15}}", "1 4 16 64")]
    [InlineData("program: noop, parameters: {x: {min: 0.0, max: 1.0}, epochs: {value: 16}}", "2 8 32")]
    [InlineData("program: noop, parameters: {x: {min: 0.0, max: 1.0}, epochs: {values: [3, 30]}}", "2 8 32")]
    [InlineData("program: noop, parameters: {x: {min: 0.0, max: 1.0}, epochs: {min: 3, max: 20}}", "2 8 32")]
    [InlineData("program: tcn, parameters: {lr: {min: 0.001, max: 0.01}}", "1 4 16 64")]
    [InlineData("program: train.py, metric: {name: loss}, parameters: {x: {min: 0.0, max: 1.0}}", "1 4 16 64")]
    public void The_first_rung_is_at_epoch_2_where_trainings_are_known_to_be_long(string sweep, string rungs) =>
        Assert.Equal(rungs, Rungs(Definition(sweep, "{type: asha}")));

    [Theory]
    [InlineData("{type: asha, min_epochs: 1}", "1 4 16 64")]
    [InlineData("{type: asha, eta: 3}", "2 6 18 54")]
    [InlineData("{type: asha, max_epochs: 9}", "1 4")]
    [InlineData("{type: asha, max_epochs: 20}", "2 8")]
    public void What_the_file_says_holds(string pruner, string rungs) => Assert.Equal(rungs, Rungs(Long(pruner)));

    [Fact]
    public void Everyone_pauses_unless_the_file_says_otherwise()
    {
        Assert.IsType<AshaPromoter>(PrunerCatalog.Create(Long("{type: asha}")));
        Assert.IsType<AshaPruner>(PrunerCatalog.Create(Long("{type: asha, mode: stopping}")));
    }

    [Theory]
    [InlineData("{type: asha}", "1 3 9 27", false)]
    [InlineData("{type: asha, min_epochs: 2}", "2 6 18 54", false)]
    [InlineData("{type: asha, mode: promotion}", "1 3 9 27", true)]
    [InlineData("{type: asha, eta: 4}", "1 4 16 64", false)]
    public void A_sweep_that_was_submitted_under_earlier_defaults_keeps_them(string pruner, string rungs, bool pauses)
    {
        var earlier = Long(pruner) with { Defaults = SweepDefinition.PromotionByDefault - 1 };
        Assert.Equal(rungs, Rungs(earlier));
        Assert.Equal(pauses, PrunerCatalog.Create(earlier) is IPromoter);
    }

    [Theory]
    [InlineData(11, "1 4 16 64")]
    [InlineData(12, "2 8 32")]
    public void The_first_rung_of_a_sweep_of_the_version_before_stays_where_it_was(int epochs, string rungs)
    {
        var definition = Definition($"program: noop, parameters: {{x: {{min: 0.0, max: 1.0}}, epochs: {{value: {epochs}}}}}", "{type: asha}");
        Assert.Equal(rungs, Rungs(definition with { Defaults = SweepDefinition.PromotionByDefault }));
    }

    private static string Rungs(SweepDefinition definition) => string.Join(' ', Enumerable.Range(1, 64).Where(PrunerCatalog.Create(definition)!.IsRung));

    private static SweepDefinition Long(string pruner) => Definition("program: noop, parameters: {x: {min: 0.0, max: 1.0}, epochs: {value: 60}}", pruner);

    private static SweepDefinition Definition(string sweep, string pruner) =>
        SweepFile.Parse($"{{method: random, run_cap: 8, {sweep}, early_terminate: {pruner}}}", "defaults.yaml").Definition!;
}
