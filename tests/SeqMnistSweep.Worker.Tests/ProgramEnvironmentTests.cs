
namespace SeqMnistSweep.Worker.Tests;

public sealed class ProgramEnvironmentTests
{
    [Theory]
    [InlineData("PATH", true)]
    [InlineData("LC_ALL", true)]
    [InlineData("CUDA_VISIBLE_DEVICES", true)]
    [InlineData("SEQSWEEP_DATA", true)]
    [InlineData("AWS_SECRET_ACCESS_KEY", false)]
    [InlineData("WANDB_API_KEY", false)]
    [InlineData("LD_PRELOAD", false)]
    [InlineData("path", false)]
    [InlineData("SEQSWEEP_JOIN", false)]
    [InlineData("SEQSWEEP_TOKEN", false)]
    public void A_worker_passes_what_programs_usually_need(string name, bool passed) =>
        Assert.Equal(passed, ProgramEnvironment.Least.Passes(name));

    [Theory]
    [InlineData("WANDB_API_KEY", true)]
    [InlineData("SEQSWEEP_TOKEN", false)]
    [InlineData("SEQSWEEP_JOIN", false)]
    [InlineData("SEQSWEEP_MEMBERSHIP", false)]
    public void Run_passes_everything_but_our_own_secrets(string name, bool passed) => Assert.Equal(passed, ProgramEnvironment.Whole.Passes(name));

    [Fact]
    public void A_name_that_is_added_is_passed_and_read()
    {
        var added = ProgramEnvironment.Least.With(["MY_KEY"]);
        Assert.True(added.Passes("MY_KEY"));
        Assert.Null(added.Refusal(["${program}", "--key=${envvar:MY_KEY}", "${envvar:HOME}"]));
    }

    [Theory]
    [InlineData("${envvar:MY_KEY}")]
    [InlineData("--a=${envvar:HOME}${envvar:MY_KEY}")]
    public void A_command_that_reads_what_is_kept_is_refused(string word) =>
        Assert.Contains("--program-env MY_KEY", ProgramEnvironment.Least.Refusal(["${program}", word]));

    [Fact]
    public void Files_of_a_folder_get_only_variables_that_the_worker_names()
    {
        var named = ProgramEnvironment.Least.With(["LEVEL"]);
        Assert.Null(named.RefusalToSet(["LEVEL"]));
        Assert.Contains("--program-env LD_PRELOAD", named.RefusalToSet(["LEVEL", "LD_PRELOAD"]));
    }
}
