using SeqMnistSweep.Training.Kernels;
using TorchSharp;

namespace SeqMnistSweep.Training.Tests.Kernels;

[Collection(TorchCollection.Name)]
public sealed class HeadKernelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void Loss_and_gradient_are_PyTorch_s(double smoothing)
    {
        float[] logits = [0.5f, -3, 12, 0, 1.25f, -40, 7, 11.5f, 2, -0.1f];
        var gradient = new double[10];
        var loss = HeadKernel.Loss(logits, 6, smoothing, gradient);

        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(logits.Select(logit => (double)logit).ToArray()).requires_grad_();
        var expected = torch.nn.functional.cross_entropy(x.unsqueeze(0), torch.tensor(new[] { 6L }), label_smoothing: smoothing);
        expected.backward();
        Assert.Equal(expected.ToDouble(), loss, 1e-12);
        Assert.All(x.grad!.data<double>().Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
