using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Optimization;
using SeqMnistSweep.Training.Tests.Fixtures;
using SeqMnistSweep.Training.Tests.Networks;
using SeqMnistSweep.Training.Torch;
using SeqMnistSweep.Trials;
using static SeqMnistSweep.Training.Tests.Networks.ReferenceParityTests;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SeqMnistSweep.Training.Tests.Kernels;

[Collection(TorchCollection.Name)]
public sealed class FusedNetworkTests
{
    [Theory]
    [OnEveryWidth("notebook")]
    [OnEveryWidth("small")]
    [OnEveryWidth("rows")]
    [OnEveryWidth("odd")]
    [OnEveryWidth("single")]
    [OnEveryWidth("equal-channels")]
    [OnEveryWidth("short")]
    [OnEveryWidth("one-step")]
    public void Logits_loss_and_gradients_are_those_of_PyTorch(string width, string fixture)
    {
        using var scope = NewDisposeScope();
        var reference = new Fixture(fixture + "-float32");
        using var network = reference.Network();

        var (loss, logits, gradient) = Pass(width, network, reference["x"], reference["y"], default);

        Assert.True(Difference(logits, reference["logits"]) <= 1e-5, "logits");
        Assert.True(Difference(tensor(loss), reference["loss"]) <= 1e-5, "loss");
        Assert.All(network.Slots, slot => Assert.True(
            Difference(gradient.narrow(0, slot.Offset, slot.Count), reference["grad." + slot.Name].flatten()) <= 1e-4, slot.Name));
    }

    /// <summary>One, two, three and four blocks of 16 channels, long and short sequences, even and odd kernels, whole and cut groups of images.</summary>
    [Theory]
    [OnEveryWidth(3, 2, 16, 1, 31, 2)]
    [OnEveryWidth(2, 5, 33, 1, 50, 3)]
    [OnEveryWidth(3, 6, 48, 2, 40, 5)]
    [OnEveryWidth(4, 3, 64, 17, 30, 4)]
    [OnEveryWidth(3, 8, 20, 40, 19, 33)]
    [OnEveryWidth(2, 30, 7, 1, 200, 2)]
    [OnEveryWidth(1, 40, 18, 3, 25, 2)]
    [OnEveryWidth(6, 4, 30, 30, 98, 70)]
    [OnEveryWidth(2, 3, 5, 28, 28, 600)]
    public void Every_shape_agrees_with_the_dense_network_in_double(string width, int levels, int taps, int hidden, int channels, int length, int images)
    {
        using var scope = NewDisposeScope();
        using var network = Random(new TcnShape(levels, taps, hidden, channels));
        using var exact = new TcnNetwork(network.Shape, CPU, ScalarType.Float64);
        using (no_grad())
        {
            exact.Flat.copy_(network.Flat);
        }

        var (x, labels) = Data(images, channels, length);
        var (loss, logits, gradient) = Pass(width, network, x, labels, default);

        var expected = DenseForward.Logits(exact.Weights(), x.to_type(ScalarType.Float64));
        var expectedLoss = functional.nll_loss(functional.log_softmax(expected, 1), labels);
        expectedLoss.backward();
        Assert.True(Difference(logits, expected) <= 1e-5, "logits");
        Assert.True(Difference(tensor(loss), expectedLoss) <= 1e-5, "loss");
        Assert.All(network.Slots, slot => Assert.True(
            Difference(gradient.narrow(0, slot.Offset, slot.Count), exact.Flat.grad!.narrow(0, slot.Offset, slot.Count)) <= 1e-4, slot.Name));
    }

    [Theory]
    [OnEveryWidth(30, 0.0, 0.3)]
    [OnEveryWidth(40, 0.2, 0.1)]
    [OnEveryWidth(8, 0.4, 0.0)]
    public void Dropout_is_that_of_the_path_with_libtorch(string width, int hidden, double input, double inner)
    {
        using var scope = NewDisposeScope();
        using var network = Random(new TcnShape(3, 4, hidden, 1));
        var (x, labels) = Data(37, 1, 45);
        var masks = new StepMasks(input, inner, RandomSeed.Derive(5, "dropout", 2, 3));
        var (loss, _, gradient) = Pass(width, network, x, labels, masks);

        var logits = LastStepForward.Logits(network.Weights(), x, (h, layer) => PlainMask.Apply(h, layer, masks));
        var expected = functional.nll_loss(functional.log_softmax(logits, 1), labels);
        expected.backward();
        Assert.Equal(expected.item<float>(), loss, 1e-5);
        Assert.True(Difference(gradient, network.Flat.grad!) <= 1e-4);
    }

    [Theory]
    [OnEveryWidth]
    public void Results_do_not_depend_on_the_number_of_threads(string width)
    {
        using var scope = NewDisposeScope();
        using var network = Random(new TcnShape(3, 5, 30, 1));
        var (x, labels) = Data(150, 1, 60);
        var masks = new StepMasks(0.1, 0.1, 7);
        var (loss, _, gradient) = Pass(width, network, x, labels, masks, threads: 1);
        for (var threads = 2; threads <= 5; threads++)
        {
            var (otherLoss, _, other) = Pass(width, network, x, labels, masks, threads);
            Assert.Equal(loss, otherLoss);
            Assert.Equal(gradient.data<float>().ToArray(), other.data<float>().ToArray());
        }
    }

    [Theory]
    [OnEveryWidth]
    public void A_second_pass_finds_nothing_of_the_first_in_memory(string width)
    {
        using var scope = NewDisposeScope();
        using var network = Random(new TcnShape(4, 5, 20, 1));
        using var fused = new FusedNetwork(OnEveryWidthAttribute.Kernels(width), network.Shape, network.Slots, 61, 1);
        var (x, labels) = Data(40, 1, 61);
        var (other, otherLabels) = Data(7, 1, 61, seed: 9);
        var (first, second) = (new float[network.Count], new float[network.Count]);
        fused.Load(Values(network.Flat), forTraining: true);
        fused.Train(Values(x), Labels(labels), new StepMasks(0, 0.2, 1), first);
        fused.Train(Values(other), Labels(otherLabels), new StepMasks(0.5, 0.5, 2), second);
        fused.Evaluate(Values(x), Labels(labels), []);
        fused.Train(Values(x), Labels(labels), new StepMasks(0, 0.2, 1), second);
        Assert.Equal(first, second);
    }

    [Theory]
    [OnEveryWidth]
    public void A_weight_that_is_not_a_number_makes_the_loss_one(string width)
    {
        using var scope = NewDisposeScope();
        using var network = Random(new TcnShape(2, 3, 5, 1));
        var values = Values(network.Flat).ToArray();
        values[^20] = float.NaN;
        network.Set(values);
        var (x, labels) = Data(3, 1, 20);
        Assert.True(double.IsNaN(Pass(width, network, x, labels, default).Loss));
        values[^20] = 0;
        values[0] = float.NaN;
        network.Set(values);
        Assert.True(double.IsNaN(Pass(width, network, x, labels, default).Loss));
    }

    [Theory]
    [OnEveryWidth]
    public void Bfloat16_is_as_near_to_float32_as_eight_bits_allow_and_not_the_same(string width)
    {
        using var scope = NewDisposeScope();
        using var network = Random(new TcnShape(4, 5, 30, 1));
        var (x, labels) = Data(60, 1, 90);
        var (loss, logits, gradient) = Pass(width, network, x, labels, default);
        var (nearLoss, nearLogits, near) = Pass(width, network, x, labels, default, inBFloat16: true);
        Assert.InRange(Difference(nearLogits, logits), 1e-6, 0.02);
        Assert.InRange(Math.Abs(nearLoss - loss), 0, 0.005);
        Assert.InRange((near - gradient).norm().item<float>() / gradient.norm().item<float>(), 1e-5, 0.05);
    }

    [Theory]
    [OnEveryWidth]
    public void Rounding_to_bfloat16_is_that_of_libtorch(string width)
    {
        using var scope = NewDisposeScope();
        var values = (randn(10_000) * randn(10_000).exp()).data<float>().ToArray();
        values[0] = float.NaN;
        values[1] = float.NegativeInfinity;
        values[2] = float.MaxValue;
        values[3] = BitConverter.Int32BitsToSingle(0x3F808000);
        values[4] = BitConverter.Int32BitsToSingle(0x3F818000);
        var expected = tensor(values).to_type(ScalarType.BFloat16).to_type(ScalarType.Float32).data<float>().ToArray();
        OnEveryWidthAttribute.Kernels(width).Round(values);
        Assert.Equal(expected, values);
    }

    [Theory]
    [OnEveryWidth]
    public void Thirty_training_steps_have_the_losses_of_PyTorch(string width)
    {
        using var scope = NewDisposeScope();
        var reference = new Fixture("curve");
        using var network = reference.Network();
        using var fused = new FusedNetwork(OnEveryWidthAttribute.Kernels(width), network.Shape, network.Slots, (int)reference["x"].shape[2], 1);
        using var weights = new AlignedMemory(network.Count);
        using var gradient = new AlignedMemory(network.Count);
        using var optimizer = new HostOptimizer(new OptimizerSettings(), network.Count);
        Values(network.Flat).CopyTo(weights.Span);
        var expected = reference["losses"].data<double>().ToArray();

        var losses = expected.Select((_, step) =>
        {
            fused.Load(weights.Span, forTraining: true);
            var sums = fused.Train(
                Values(reference["x"].narrow(0, 16 * step, 16).contiguous()), Labels(reference["y"].narrow(0, 16 * step, 16).contiguous()), default, gradient.Span);
            optimizer.Apply(weights, gradient, 2e-3);
            return sums.Loss / 16;
        }).ToArray();

        Assert.All(losses.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    private static (double Loss, Tensor Logits, Tensor Gradient) Pass(string width, TcnNetwork network, Tensor x, Tensor labels, StepMasks masks, int threads = 1, bool inBFloat16 = false)
    {
        using var fused = new FusedNetwork(OnEveryWidthAttribute.Kernels(width), network.Shape, network.Slots, (int)x.shape[2], threads, inBFloat16);
        var (logits, gradient) = (new float[x.shape[0] * TcnShape.Classes], new float[network.Count]);
        fused.Load(Values(network.Flat), forTraining: true);
        fused.Evaluate(Values(x), Labels(labels), logits);
        var sums = fused.Train(Values(x), Labels(labels), masks, gradient);
        return (sums.Loss / x.shape[0], tensor(logits).view(-1, TcnShape.Classes), tensor(gradient));
    }

    private static TcnNetwork Random(TcnShape shape)
    {
        var network = new TcnNetwork(shape, CPU);
        network.Set(Initialisation.Values(shape, network.Slots, 3));
        return network;
    }

    private static (Tensor X, Tensor Labels) Data(int images, int channels, int length, int seed = 4)
    {
        var generator = new Generator((ulong)seed, CPU);
        return (randn([images, channels, length], generator: generator), randint(0, TcnShape.Classes, [images], dtype: ScalarType.Int64, generator: generator));
    }

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static byte[] Labels(Tensor tensor) => [.. tensor.data<long>().Select(label => (byte)label)];
}
