using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;

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
}
