using SeqMnistSweep.Methods;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trainables.Tcn;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class SweepReadmeTests
{
    private static readonly string Readme = RepositoryFiles.Read("sweeps", "README.md");

    [Fact]
    public void Every_key_is_explained() =>
        Assert.Equal([], SweepKeys.All.Where(key => key.Name != "*").Select(key => key.Name).Distinct().Where(name => !Readme.Contains($"`{name}`", StringComparison.Ordinal)));

    [Fact]
    public void Every_parameter_of_tcn_is_listed_with_its_default() => Assert.Equal([], TcnParameters.All
        .Select(parameter => $"| `{parameter.Name}` | {parameter.Default?.ToString() ?? ""} | {parameter.Accepts} |")
        .Where(row => !Readme.Contains(row, StringComparison.Ordinal)));

    [Fact]
    public void Every_sampler_pruner_program_and_distribution_is_listed()
    {
        var names = SamplerCatalog.All.Select(entry => entry.Name)
            .Concat(PrunerCatalog.All.Select(pruner => pruner.Name))
            .Concat(TrainableCatalog.All.Select(trainable => trainable.Name))
            .Concat(SweepKeys.Distributions);
        Assert.Equal([], names.Where(name => !Readme.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_code_has_its_row() => Assert.Equal([], DiagnosticCodes.All
        .Select(code => $"| {code.Code} | {code.Meaning} |")
        .Where(row => !Readme.Contains(row, StringComparison.Ordinal)));

    [Fact]
    public void Codes_are_unique_and_all_in_the_catalogue()
    {
        var constants = typeof(DiagnosticCodes).GetFields().Select(field => (string)field.GetValue(null)!).Order().ToList();
        Assert.Equal(constants, DiagnosticCodes.All.Select(code => code.Code).Order());
        Assert.Equal(constants.Count, constants.Distinct().Count());
    }

    [Fact]
    public void Every_key_has_one_row_and_a_parent()
    {
        Assert.Equal(SweepKeys.All.Length, SweepKeys.All.Select(key => key.Path).Distinct().Count());
        Assert.All(SweepKeys.All, key => Assert.True(key.Parent.Length == 0 || SweepKeys.Find(key.Parent) is not null, key.Path));
    }
}
