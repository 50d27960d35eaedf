using SeqMnistSweep.Methods;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.Pruning;

public sealed class PrunerCatalogTests
{
    public static TheoryData<string> Types => [.. PrunerCatalog.All.Select(pruner => pruner.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_pruner_that_a_file_may_name_can_be_made(string type)
    {
        var file = SweepFile.Parse($"{{method: grid, program: noop, parameters: {{x: {{values: [1, 2]}}}}, early_terminate: {{type: {type}{(type == "hyperband" ? ", min_iter: 3" : "")}}}}}", "x.yaml");
        Assert.NotNull(PrunerCatalog.Create(file.Definition!));
    }

    [Fact]
    public void Without_one_every_trial_runs_to_its_end() =>
        Assert.Null(PrunerCatalog.Create(SweepFile.Parse("{method: grid, program: noop, parameters: {x: {values: [1, 2]}}}", "x.yaml").Definition!));
}
