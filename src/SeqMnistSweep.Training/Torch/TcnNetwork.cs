using SeqMnistSweep.Training.Native;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Torch;

/// <summary>The parameters of one network: one leaf tensor, so that optimizer, clipping and checkpoint see a single array and the gradient
/// arrives in a single one. No TorchSharp module is involved: those leak a little each, and a warm runner makes thousands.</summary>
internal sealed class TcnNetwork : IDisposable
{
    private readonly long[] _sizes;
    private readonly ScalarType? _compute;

    /// <param name="type">float32; float64 in tests.</param>
    /// <param name="compute">The type that convolutions run in when it is not <paramref name="type"/>: bfloat16.</param>
    public TcnNetwork(TcnShape shape, Device device, ScalarType type = ScalarType.Float32, ScalarType? compute = null)
    {
        TorchLibrary.Load();
        Shape = shape;
        Slots = ParameterSlot.All(shape);
        _sizes = [.. Slots.Select(slot => (long)slot.Count)];
        _compute = compute;
        Flat = zeros(_sizes.Sum(), dtype: type, device: device).DetachFromDisposeScope().requires_grad_(true);
    }

    public TcnShape Shape { get; }

    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>[parameters], in the order of <see cref="Slots"/>.</summary>
    public Tensor Flat { get; }

    public int Count => (int)_sizes.Sum();

    public void Set(float[] values)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        Flat.copy_(tensor(values));
    }

    /// <summary>The weights for a forward pass, differentiable back to <see cref="Flat"/>.</summary>
    /// <param name="flat">In its place, when given.</param>
    public TcnWeights Weights(Tensor? flat = null)
    {
        // One split has one concatenation as its backward; a narrow per parameter would each fill a buffer of zeros.
        var parts = (flat ?? Flat).split(_sizes);
        var byName = new Dictionary<string, Tensor>(parts.Length, StringComparer.Ordinal);
        for (var i = 0; i < parts.Length; i++)
        {
            byName.Add(Slots[i].Name, parts[i].view(Slots[i].Shape));
        }

        var convolutions = Enumerable.Range(0, Shape.Levels).SelectMany(i => new[] { $"tcn.network.{i}.conv1", $"tcn.network.{i}.conv2" })
            .ToArray();
        var normed = TorchOps.WeightNorms(
            [.. convolutions.Select(name => byName[name + ".weight_v"])],
            [.. convolutions.Select(name => byName[name + ".weight_g"])]);
        var blocks = new BlockWeights[Shape.Levels];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = new BlockWeights(
                Cast(normed[2 * i]), Cast(byName[$"tcn.network.{i}.conv1.bias"]),
                Cast(normed[(2 * i) + 1]), Cast(byName[$"tcn.network.{i}.conv2.bias"]),
                byName.TryGetValue($"tcn.network.{i}.downsample.weight", out var residual) ? Cast(residual) : null,
                byName.TryGetValue($"tcn.network.{i}.downsample.bias", out var bias) ? Cast(bias) : null);
        }

        return new TcnWeights(blocks, byName["linear.weight"], byName["linear.bias"]);

        Tensor Cast(Tensor weight) => _compute is { } type ? weight.to_type(type) : weight;
    }

    public void Dispose()
    {
        Flat.grad = null;
        Flat.Dispose();
    }
}
