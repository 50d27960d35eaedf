using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Optimization;
using SeqMnistSweep.Training.Tests.Fixtures;
using SeqMnistSweep.Training.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training.Tests.Networks;

[Collection(TorchCollection.Name)]
public sealed class ReferenceParityTests
{
    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var name in new[] { "notebook", "small", "rows", "odd", "single", "equal-channels", "short", "one-step" })
            {
                foreach (var type in new[] { "float32", "float64" })
                {
                    cases.Add($"{name}-{type}", false);
                    cases.Add($"{name}-{type}", true);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_loss_and_gradients_are_those_of_PyTorch(string fixture, bool dense)
    {
        using var scope = NewDisposeScope();
        var reference = new Fixture(fixture);
        using var network = reference.Network();
        var exact = fixture.EndsWith("float64", StringComparison.Ordinal);

        var logits = dense
            ? DenseForward.Logits(network.Weights(), reference["x"])
            : LastStepForward.Logits(network.Weights(), reference["x"]);
        var loss = functional.nll_loss(functional.log_softmax(logits, 1), reference["y"]);
        loss.backward();

        Assert.True(Difference(logits, reference["logits"]) <= (exact ? 1e-10 : 1e-5), "logits");
        Assert.True(Difference(loss, reference["loss"]) <= (exact ? 1e-10 : 1e-5), "loss");
        var gradient = network.Flat.grad!;
        Assert.All(network.Slots, slot => Assert.True(
            Difference(gradient.narrow(0, slot.Offset, slot.Count), reference["grad." + slot.Name].flatten()) <= (exact ? 1e-10 : 1e-4), slot.Name));
    }

    [Fact]
    public void Thirty_training_steps_have_the_losses_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        var reference = new Fixture("curve");
        using var network = reference.Network();
        using var optimizer = new TorchOptimizer(new OptimizerSettings(), network.Flat);
        var expected = reference["losses"].data<double>().ToArray();

        var losses = expected.Select((_, step) =>
        {
            var logits = LastStepForward.Logits(network.Weights(), reference["x"].narrow(0, 16 * step, 16));
            var loss = functional.nll_loss(functional.log_softmax(logits, 1), reference["y"].narrow(0, 16 * step, 16));
            loss.backward();
            optimizer.Apply(network.Flat.grad!, 2e-3);
            network.Flat.grad = null;
            return (double)loss.item<float>();
        }).ToArray();

        Assert.Equal(30, losses.Length);
        Assert.All(losses.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    /// <summary>max|a - b| / max|b|; absolute where b is all but zero.</summary>
    internal static double Difference(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        var largest = b.detach().abs().max().to_type(ScalarType.Float64).item<double>();
        var difference = (a.detach() - b.detach()).abs().max().to_type(ScalarType.Float64).item<double>();
        return largest > 1e-30 ? difference / largest : difference;
    }
}
