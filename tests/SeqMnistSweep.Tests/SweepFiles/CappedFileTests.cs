using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class CappedFileTests
{
    private const string Space = "method: random\nprogram: train.py\nmetric: {name: loss}\nparameters:\n  x: {min: 0.0, max: 1.0}";

    [Theory]
    [InlineData(Space)]
    [InlineData(Space + "\n\n# the end\n")]
    [InlineData(Space + "\nrun_cap: 90 # many\n")]
    [InlineData("# head\nrun_cap: 90\n" + Space)]
    [InlineData(Space + "\ndescription: |+\n  some\n\n  text\n\n")]
    [InlineData("---\n" + Space + "\n...\n")]
    [InlineData("{method: random, program: train.py, metric: {name: loss}, parameters: {x: {min: 0.0, max: 1.0}}}")]
    [InlineData("  method: random\n  program: train.py\n  metric: {name: loss}\n  parameters: {x: {min: 0.0, max: 1.0}}\n")]
    [InlineData("x-a: &a {run_cap: 90}\n<<: *a\n" + Space)]
    [InlineData("x-n: &n 90\nrun_cap: *n\n" + Space)]
    public void The_sweep_is_that_of_a_file_with_the_cap(string text)
    {
        var capped = CappedFile.Of(Sweeps.Parse(text), 5)!;
        Assert.Equal(5, capped.Definition!.RunCap);
        Assert.Equal(5, Sweeps.Valid(capped.Source).RunCap);
        Assert.DoesNotContain("W302", capped.Diagnostics.Select(finding => finding.Code));
        Assert.Equal(Sweeps.Valid(text).Space.Dimensions.Select(dimension => dimension.Name), capped.Definition.Space.Dimensions.Select(dimension => dimension.Name));
    }

    [Fact]
    public void Its_digest_is_the_same()
    {
        Assert.Equal(Sweeps.Valid(Space + "\nrun_cap: 5\n").Digest, CappedFile.Of(Sweeps.Parse(Space), 5)!.Definition!.Digest);
        Assert.Equal(Sweeps.Valid(Space + "\nrun_cap: 5\n").Digest, CappedFile.Of(Sweeps.Parse(Space + "\nrun_cap: 90\n"), 5)!.Definition!.Digest);
    }

    [Theory]
    [InlineData(Space + "\nrun_cap: 3\n")]
    [InlineData(Space + "\nrun_cap: 5\n")]
    [InlineData("method: gird")]
    public void A_file_that_tries_no_more_or_has_errors_stays(string text)
    {
        var file = Sweeps.Parse(text);
        Assert.Same(file, CappedFile.Of(file, 5));
    }
}
