using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Torch;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Tests.Fixtures;

/// <summary>A file that make_fixtures.py wrote: what PyTorch computes.</summary>
internal sealed class Fixture
{
    private readonly Dictionary<string, StoredTensor> _tensors;

    public Fixture(string name)
        : this(SafeTensors.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".safetensors"))))
    {
    }

    private Fixture(SafeTensors file) => _tensors = file.Tensors.ToDictionary(tensor => tensor.Name);

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures", "data");

    public Tensor this[string name]
    {
        get
        {
            var stored = _tensors[name];
            var flat = stored.Type switch
            {
                "F64" => tensor(MemoryMarshal.Cast<byte, double>(stored.Data.Span).ToArray()),
                "I64" => tensor(MemoryMarshal.Cast<byte, long>(stored.Data.Span).ToArray()),
                _ => tensor(MemoryMarshal.Cast<byte, float>(stored.Data.Span).ToArray()),
            };
            return flat.reshape(stored.Shape);
        }
    }

    /// <summary>The network of the fixture's weights, whose names and shapes must be ours exactly.</summary>
    public TcnNetwork Network()
    {
        var v = _tensors["weights.tcn.network.0.conv1.weight_v"].Shape;
        var levels = _tensors.Keys.Count(name => name.StartsWith("weights.", StringComparison.Ordinal) && name.EndsWith("conv1.weight_v", StringComparison.Ordinal));
        var type = _tensors["weights.linear.bias"].Type == "F64" ? ScalarType.Float64 : ScalarType.Float32;
        var network = new TcnNetwork(new TcnShape(levels, (int)v[2], (int)v[0], (int)v[1]), CPU, type);
        Assert.Equal(
            _tensors.Keys.Where(name => name.StartsWith("weights.", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            network.Slots.Select(slot => "weights." + slot.Name).Order(StringComparer.Ordinal));
        using var off = no_grad();
        network.Flat.copy_(Gather("weights.", network));
        return network;
    }

    /// <summary>The tensors PREFIX + parameter name, laid out as the flat buffer.</summary>
    public Tensor Gather(string prefix, TcnNetwork network) => cat([.. network.Slots.Select(slot =>
    {
        var part = this[prefix + slot.Name];
        Assert.Equal(slot.Shape, part.shape);
        return part.flatten();
    })]);
}
