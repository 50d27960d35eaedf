using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Optimization;
using SeqMnistSweep.Training.Tests.Fixtures;
using SeqMnistSweep.Training.Tests.Networks;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Tests.Optimization;

[Collection(TorchCollection.Name)]
public sealed class OptimizerTests
{
    private static readonly Dictionary<string, (OptimizerSettings Settings, double Rate)> Rules = new()
    {
        ["adam"] = (new(), 0.01),
        ["adam-decay"] = (new() { Beta1 = 0.8, Beta2 = 0.95, Eps = 1e-6, WeightDecay = 0.1 }, 0.01),
        ["adamw"] = (new() { Kind = OptimizerKind.AdamW, WeightDecay = 0.01 }, 0.01),
        ["adamw-decay"] = (new() { Kind = OptimizerKind.AdamW, Beta1 = 0.8, Beta2 = 0.95, WeightDecay = 0.3 }, 0.01),
        ["sgd"] = (new() { Kind = OptimizerKind.Sgd }, 0.05),
        ["sgd-momentum"] = (new() { Kind = OptimizerKind.Sgd, Momentum = 0.9, WeightDecay = 0.1 }, 0.05),
        ["rmsprop"] = (new() { Kind = OptimizerKind.RmsProp }, 0.01),
        ["rmsprop-momentum"] = (new() { Kind = OptimizerKind.RmsProp, Momentum = 0.9, Eps = 1e-6, WeightDecay = 0.1 }, 0.01),
    };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var name in Rules.Keys)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Five_steps_in_main_memory_go_where_PyTorch_goes(string rule, bool clipped)
    {
        using var scope = NewDisposeScope();
        var fixture = new Fixture("optimizers");
        var (settings, rate) = Rules[rule];
        var expected = fixture[clipped ? rule + "-clipped" : rule];
        using var parameters = Memory(fixture["start"]);
        using var optimizer = new HostOptimizer(settings, (int)parameters.Count);
        for (var step = 0; step < 5; step++)
        {
            using var gradient = Memory(fixture["gradients"].select(0, step).clone());
            if (clipped)
            {
                HostOptimizer.Clip(gradient.Span, 0.5);
            }

            optimizer.Apply(parameters, gradient, rate);
            Assert.True(ReferenceParityTests.Difference(tensor(parameters.Span.ToArray()), expected.select(0, step)) < 1e-6, $"step {step + 1}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Five_steps_of_libtorch_go_where_PyTorch_goes(string rule, bool clipped)
    {
        using var scope = NewDisposeScope();
        var fixture = new Fixture("optimizers");
        var (settings, rate) = Rules[rule];
        var expected = fixture[clipped ? rule + "-clipped" : rule];
        var parameters = fixture["start"].requires_grad_(true);
        using var optimizer = new TorchOptimizer(settings, parameters);
        for (var step = 0; step < 5; step++)
        {
            var gradient = fixture["gradients"].select(0, step).clone();
            if (clipped)
            {
                TorchOptimizer.Clip(gradient, 0.5);
            }

            optimizer.Apply(gradient, rate);
            Assert.True(ReferenceParityTests.Difference(parameters, expected.select(0, step)) < 1e-6, $"step {step + 1}");
        }
    }

    [Fact]
    public void Clipping_leaves_a_small_gradient_as_it_is()
    {
        using var scope = NewDisposeScope();
        var gradient = tensor(new[] { 0.3f, 0.4f });
        TorchOptimizer.Clip(gradient, 1);
        Assert.Equal([0.3f, 0.4f], gradient.data<float>().ToArray());
        float[] inMemory = [0.3f, 0.4f];
        HostOptimizer.Clip(inMemory, 1);
        Assert.Equal([0.3f, 0.4f], inMemory);
    }

    private static AlignedMemory Memory(Tensor tensor)
    {
        var values = MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes);
        var memory = new AlignedMemory(values.Length);
        values.CopyTo(memory.Span);
        return memory;
    }
}
