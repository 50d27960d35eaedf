using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class StoredFileTests
{
    private const string Impossible = """
        method: random
        program: train.py
        metric: {name: loss}
        run_cap: 5
        parameters: {x: {min: 0, max: 9}}
        constraints: [{require: x > 9}]
        """;

    [Fact]
    public void What_its_constraints_leave_is_not_judged_again()
    {
        Assert.True(Sweeps.Parse(Impossible).HasErrors);

        var stored = SweepFile.ReadStored(Impossible, "stored.yaml")!;
        Assert.Equal("stored", stored.Name);
        Assert.Equal("x > 9", Assert.Single(stored.Space.Constraints).Require.Text);
    }

    [Fact]
    public void What_earlier_versions_accepted_goes_on()
    {
        const string Text = "method: random\nprogram: train.py\nrun_cap: 5\nmetric: {name: seconds}\nparameters: {x: {min: 0, max: 9}}\nearly_terminate: {type: patience}";
        Assert.True(Sweeps.Parse(Text).HasErrors);
        Assert.Equal("patience", SweepFile.ReadStored(Text, "stored.yaml")!.EarlyTerminate!.Type);
    }

    [Fact]
    public void It_is_what_was_submitted()
    {
        const string Text = "method: grid\nparameters: {levels: {values: [6, 7, 8]}, kernel_size: {values: [7, 9]}}\nbaseline: true";
        var (submitted, stored) = (Sweeps.Valid(Text), SweepFile.ReadStored(Text, "sweep.yaml")!);
        Assert.Equal(submitted.Digest, stored.Digest);
        Assert.Equal(submitted.Baseline, stored.Baseline);
        Assert.Equal(submitted.Space.Dimensions.Length, stored.Space.Dimensions.Length);
    }

    [Fact]
    public void One_that_is_no_longer_read_gives_nothing() => Assert.Null(SweepFile.ReadStored("method: gird", "sweep.yaml"));
}
