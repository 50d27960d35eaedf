using SeqMnistSweep.Definitions;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.Sampling.Gaussian;

public sealed class FailureTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("bayes")]
    [InlineData("gp")]
    public void Where_half_of_a_space_fails_few_of_the_later_configurations_do(string method)
    {
        var (failed, of) = (0, 0);
        for (var seed = 0; seed < 4; seed++)
        {
            var later = new SearchRun(Sweep(method, seed), Losses).To(70).History.Configurations.Skip(20).ToList();
            failed += later.Count(known => known.State == ObservationState.Failed);
            of += later.Count;
        }

        Assert.True(failed < 0.15 * of, $"{failed} of {of} failed");
    }

    /// <summary>The best is at the border: the search is drawn there.</summary>
    private static double[] Losses(ParameterSet point)
    {
        var (width, depth, rate) = (point["width"]!.AsReal(), point["depth"]!.AsReal(), Math.Log10(point["rate"]!.AsReal()));
        return (width / 256) + (depth / 10) > 1 ? [double.NaN] : [2 - (width / 256) - (depth / 20) + Math.Pow(rate + 2, 2)];
    }

    private static SweepDefinition Sweep(string method, int seed) => Sweeps.Valid(
        $"method: {method}\nprogram: train.py\nrun_cap: 90\nsampler_seed: {seed}\nmetric: {{name: loss}}\nparameters: {{width: {{min: 1, max: 256}}, depth: {{min: 1, max: 10}}, rate: {{distribution: log_uniform_values, min: 0.0001, max: 1.0}}}}\n");
}
