using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Tests.SweepFiles;

/// <summary>Whoever knows another tool types its words.</summary>
public sealed class OtherWordsTests
{
    [Fact]
    public void Each_word_has_no_meaning_here_and_leads_to_a_key_that_has()
    {
        Assert.All(OtherWords.All, pair => Assert.NotNull(SweepKeys.Find(pair.Key)));
        Assert.Empty(OtherWords.All.Select(pair => pair.Word).Intersect(SweepKeys.ChildrenOf("").Select(key => key.Name)));
        Assert.Empty(OtherWords.All.Select(pair => pair.Word).Intersect(TrainableCatalog.Default.Names));
    }

    [Theory]
    [InlineData("n_trials: 50", "run_cap")]
    [InlineData("num-samples: 50", "run_cap")]
    [InlineData("sampler: {name: tpe}", "method")]
    [InlineData("search_space: {lr: {values: [1, 2]}}", "parameters")]
    [InlineData("pruner: median", "early_terminate")]
    [InlineData("timeout: 3600", "limits.sweep_time")]
    [InlineData("max_parallel: 2", "limits.max_parallel")]
    public void A_finding_names_it(string line, string key)
    {
        var findings = SweepFile.Parse($"method: random\nrun_cap: 5\nprogram: train.py\nmetric: {{name: loss}}\nparameters: {{x: {{values: [1, 2]}}}}\n{line}\n", "sweep.yaml").Diagnostics;
        Assert.Equal($"did you mean '{key}'?", Assert.Single(findings).Help);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("budget")]
    public void What_is_nobody_s_has_none(string word) => Assert.Null(OtherWords.Hint(word));
}
