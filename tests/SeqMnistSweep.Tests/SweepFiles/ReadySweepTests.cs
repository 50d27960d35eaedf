using SeqMnistSweep.Methods;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Schema;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class ReadySweepTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(RepositoryFiles.PathOf("sweeps"), "*.yaml").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_ready_sweep_is_free_of_errors_and_warnings(string file)
    {
        var result = SweepFile.Parse(RepositoryFiles.Read("sweeps", file), file);
        Assert.True(result.Diagnostics.IsEmpty, DiagnosticRenderer.Render(result));
        Assert.StartsWith("# yaml-language-server: $schema=./sweep.schema.json\n", result.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quickstart.yaml", "12 grid points, 8 feasible, 1 seeds, 8 trials")]
    [InlineData("seqmnist.yaml", "27 grid points, 15 feasible, 1 seeds, 15 trials")]
    [InlineData("permuted.yaml", "20 draws, 20 feasible, 3 seeds, 60 trials")]
    [InlineData("notebook.yaml", "1 grid points, 1 feasible, 1 seeds, 1 trials")]
    public void The_plans_of_the_ready_sweeps_are_what_their_comments_say(string file, string plan) =>
        Assert.Equal(plan, SweepPlan.Of(SweepFile.Parse(RepositoryFiles.Read("sweeps", file), file).Definition!).ToString());

    [Fact]
    public void The_schema_beside_the_sweeps_is_current()
    {
        var path = RepositoryFiles.PathOf("sweeps", "sweep.schema.json");
        if (Environment.GetEnvironmentVariable("SEQSWEEP_WRITE_SCHEMA") == "1")
        {
            File.WriteAllText(path, SweepSchema.ToJson());
        }

        Assert.Equal(SweepSchema.ToJson(), File.ReadAllText(path));
    }
}
