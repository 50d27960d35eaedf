using SeqMnistSweep.Trainables.Tcn;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Torch;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Tests.Networks;

[Collection(TorchCollection.Name)]
public sealed class CausalityTests
{
    [Theory]
    [InlineData(3, 3, 60)]
    [InlineData(2, 5, 40)]
    [InlineData(4, 2, 33)]
    [InlineData(1, 4, 20)]
    public void The_last_output_sees_exactly_the_receptive_field(int levels, int kernel, int length)
    {
        using var scope = NewDisposeScope();
        using var network = Positive(new TcnShape(levels, kernel, 4, 1));
        using var off = no_grad();
        var weights = network.Weights();
        var x = ones(1, 1, length, dtype: ScalarType.Float64);
        var field = TcnParameters.ReceptiveField(levels, kernel);
        var logits = (Decimated: LastStepForward.Logits(weights, x), Dense: DenseForward.Logits(weights, x));

        for (var t = 0; t < length; t++)
        {
            using var step = NewDisposeScope();
            var changed = x.clone();
            changed[0, 0, t] = 3.0;
            var sees = length - 1 - t < field;
            Assert.Equal(sees, Differs(LastStepForward.Logits(weights, changed), logits.Decimated));
            Assert.Equal(sees, Differs(DenseForward.Logits(weights, changed), logits.Dense));
        }
    }

    [Fact]
    public void Decimation_leaves_out_nothing_at_any_length()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var (levels, kernel, channels) in new[] { (4, 3, 1), (5, 2, 2), (2, 7, 3), (1, 2, 1) })
        {
            using var network = Positive(new TcnShape(levels, kernel, 3, channels));
            var weights = network.Weights();
            for (var length = 1; length <= 70; length++)
            {
                using var step = NewDisposeScope();
                var x = arange(2L * channels * length, dtype: ScalarType.Float64).sin().view(2, channels, length);
                Assert.True(ReferenceParityTests.Difference(LastStepForward.Logits(weights, x), DenseForward.Logits(weights, x)) < 1e-12, $"{levels} {kernel} {length}");
            }
        }
    }

    private static bool Differs(Tensor a, Tensor b) => (a - b).abs().max().item<double>() > 1e-12;

    /// <summary>Positive weights keep every ReLU open, so every tap that exists can be seen at the output.</summary>
    private static TcnNetwork Positive(TcnShape shape)
    {
        var network = new TcnNetwork(shape, CPU, ScalarType.Float64);
        network.Set([.. Initialisation.Values(shape, network.Slots, 7).Select(value => Math.Abs(value) + 0.05f)]);
        return network;
    }
}
