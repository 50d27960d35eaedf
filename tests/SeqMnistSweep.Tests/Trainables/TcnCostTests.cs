using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables.Tcn;

namespace SeqMnistSweep.Tests.Trainables;

public sealed class TcnCostTests
{
    [Fact]
    public void The_notebooks_network_needs_twenty_million_operations_an_image() =>
        Assert.InRange(TcnCost.ForwardFlop(ParameterSet.Empty), 19.5e6, 20.5e6);

    [Fact]
    public void Epochs_and_limits_decide_the_number_of_images()
    {
        Assert.Equal(5 * 50_000, TcnCost.TrainedImages(ParameterSet.Empty));
        Assert.Equal(2 * 1_000, TcnCost.TrainedImages(ParameterSet.FromJson("""{"epochs": 2, "train_limit": 1000}""")));
        Assert.Equal(300_000, TcnCost.TrainedImages(ParameterSet.FromJson("""{"holdout": 0}""")));
    }

    [Fact]
    public void Evaluation_counts_the_holdout_every_epoch_and_the_test_set_once()
    {
        Assert.Equal((5 * 10_000) + 10_000, TcnCost.EvaluatedImages(ParameterSet.Empty));
        Assert.Equal((5 * 500) + 10_000, TcnCost.EvaluatedImages(ParameterSet.FromJson("""{"eval_limit": 500}""")));
        Assert.Equal(5 * 10_000, TcnCost.EvaluatedImages(ParameterSet.FromJson("""{"holdout": 0}""")));
    }
}
