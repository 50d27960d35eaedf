namespace SeqMnistSweep.Datasets.Tests;

public sealed class RealDatasetTests
{
    [DatasetFact("mnist")]
    public void Mnist_is_the_published_one()
    {
        var mnist = DatasetFactAttribute.Store().Load("mnist");

        Assert.Equal("ca679089cd9dd461d7b26e36e51216fc71f9271f8082e09656a7c1d29a50483b", mnist.Digest);
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], mnist.Train.Labels.Take(10));
        Assert.Equal((60_000, 10_000), (mnist.Train.Count, mnist.Test.Count));
        Assert.Equal(0.1307, mnist.Train.Images.Average(pixel => pixel / 255.0), 4);
    }

    [DatasetFact("fashion-mnist")]
    public void Fashion_mnist_is_the_published_one()
    {
        var fashion = DatasetFactAttribute.Store().Load("fashion-mnist");

        Assert.Equal("697249e9d1e87d6b2c6a738e828c890264cffecccb13840d472e3585751a5582", fashion.Digest);
        Assert.Equal((60_000, 10_000), (fashion.Train.Count, fashion.Test.Count));
        Assert.Equal(0.2860, fashion.Train.Images.Average(pixel => pixel / 255.0), 4);
    }
}
