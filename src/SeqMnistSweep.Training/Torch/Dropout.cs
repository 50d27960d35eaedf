using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Torch;

/// <summary>
/// Element-wise dropout of one trial. Every mask has its own seed, a hash of trial seed, epoch, batch and layer, so there is no
/// state to save. On the CPU, where this is the oracle of the kernels, masks are theirs; on CUDA they are libtorch's.
/// </summary>
internal sealed class Dropout(double input, double hidden, long trialSeed, Device device) : IDisposable
{
    private const int InputLayer = -1;

    private readonly Dictionary<int, Tensor> _masks = [];
    private ulong _stepSeed;

    /// <summary>Begins the training step of a batch; both count from any fixed number.</summary>
    public void BeginStep(int epoch, int batch)
    {
        _stepSeed = RandomSeed.Derive(trialSeed, "dropout", epoch, batch);
        if (device.type == TorchSharp.DeviceType.CUDA)
        {
            cuda.manual_seed((long)(_stepSeed >> 1));
        }
    }

    /// <param name="x">[batch, channels, 1, time], left as it is.</param>
    public Tensor OnInput(Tensor x) => input > 0 ? Apply(x, input, InputLayer, inPlace: false) : x;

    /// <summary>Changes <paramref name="h"/> in place.</summary>
    public Tensor OnLayer(Tensor h, int layer) => hidden > 0 ? Apply(h, hidden, layer, inPlace: true) : h;

    public void Dispose()
    {
        foreach (var mask in _masks.Values)
        {
            mask.Dispose();
        }

        _masks.Clear();
    }

    private Tensor Apply(Tensor h, double rate, int layer, bool inPlace)
    {
        if (device.type == TorchSharp.DeviceType.CUDA)
        {
            return nn.functional.dropout(h, rate, training: true, inplace: inPlace);
        }

        var mask = Mask(h.shape, rate, layer);
        return inPlace ? h.mul_(mask) : h.mul(mask).to_type(h.dtype);
    }

    /// <summary>The mask lies in memory as [batch, time, channels], with channels filled up to a multiple of 16: the order in which its
    /// elements are counted.</summary>
    private Tensor Mask(long[] shape, double rate, int layer)
    {
        var (batch, channels, time) = (shape[0], shape[1], shape[3]);
        var lanes = Kernels.Rows.BlocksOf((int)channels) * Kernels.Rows.Lanes;
        var count = batch * lanes * time;
        if (!_masks.TryGetValue(layer, out var buffer) || buffer.shape[0] < count)
        {
            // Kept over the steps: fresh memory would cost more than the mask. The backward pass that reads it is over by then.
            buffer?.Dispose();
            _masks[layer] = buffer = empty(count, dtype: ScalarType.Float32).DetachFromDisposeScope();
        }

        var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(buffer.bytes)[..(int)count];
        DropoutMask.Fill(values, rate, RandomSeed.Mix(_stepSeed ^ (ulong)layer));
        return buffer.narrow(0, 0, count).view(batch, 1, time, lanes).narrow(3, 0, channels).permute(0, 3, 1, 2);
    }
}
