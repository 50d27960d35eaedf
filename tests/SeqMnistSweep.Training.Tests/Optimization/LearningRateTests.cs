using SeqMnistSweep.Training.Optimization;

namespace SeqMnistSweep.Training.Tests.Optimization;

public sealed class LearningRateTests
{
    [Theory]
    [InlineData("Constant", 0, new[] { 1.0, 1, 1, 1, 1, 1 })]
    [InlineData("Step", 0, new[] { 1, 1, 0.5, 0.5, 0.25, 0.25 })]
    [InlineData("Cosine", 0, new[] { 1, 0.9330127018922193, 0.75, 0.5, 0.25, 0.0669872981077807 })]
    [InlineData("Cosine", 2, new[] { 1 / 3.0, 2 / 3.0, 1, 0.8535533905932737, 0.5, 0.14644660940672627 })]
    [InlineData("Cosine", 6, new[] { 1 / 7.0, 2 / 7.0, 3 / 7.0, 4 / 7.0, 5 / 7.0, 6 / 7.0 })]
    public void Six_epochs_have_these_rates(string kind, int warmup, double[] expected)
    {
        var schedule = new LearningRate(Enum.Parse<ScheduleKind>(kind), 2, Epochs: 6, StepSize: 2, Gamma: 0.5, WarmupEpochs: warmup);
        Assert.All(expected.Select((rate, i) => (rate, epoch: i + 1)), e => Assert.Equal(2 * e.rate, schedule.At(e.epoch, 0), 1e-12));
    }

    /// <summary>Of PyTorch's OneCycleLR over 1,001 steps, whose turn is a step sooner.</summary>
    [Theory]
    [InlineData(1, 0.0, 0.08)]
    [InlineData(1, 0.6, 0.7460283215528889)]
    [InlineData(2, 0.5, 1.9999950750763613)]
    [InlineData(4, 0.0, 1.2207752559017395)]
    [InlineData(5, 0.5, 0.09884429527820586)]
    public void One_cycle_goes_up_and_down_within_epochs(int epoch, double done, double expected)
    {
        var schedule = new LearningRate(ScheduleKind.OneCycle, 2, Epochs: 5, StepSize: 1, Gamma: 1, WarmupEpochs: 0);
        Assert.Equal(expected, schedule.At(epoch, done), 5e-3);
    }
}
