using SeqMnistSweep.Training.Kernels;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Torch;

/// <summary>Dropout masks on the device of libtorch, with the bits of <see cref="DropoutMask"/>: a trial drops the same elements wherever it
/// trains. Those of all layers are made at once, for each operator costs a launch.</summary>
internal sealed class TorchMasks : IDisposable
{
    private readonly double _rate;
    private readonly MaskedLayer[] _layers;
    private readonly Tensor _offsets;
    private readonly Tensor _layerOfNumber;
    private readonly Tensor _fourths;
    private readonly Constants _constants;

    /// <param name="rate">Above 0, below 1.</param>
    /// <param name="layers">Those that drop so many.</param>
    /// <param name="images">Of the largest batch.</param>
    public TorchMasks(double rate, MaskedLayer[] layers, int images, Device device)
    {
        (_rate, _layers, Images) = (rate, layers, images);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        _constants = new Constants(DropoutMask.Threshold(rate));
        var numbers = layers.Select(layer => (long)images * layer.Elements / DropoutMask.ElementsOfNumber).ToList();
        _offsets = cat([.. numbers.Select(count => arange(1, count + 1, dtype: ScalarType.Int64, device: device))]).mul_(_constants.Golden)
            .DetachFromDisposeScope();
        _fourths = tensor([0L, 16, 32, 48], device: device).DetachFromDisposeScope();
        _layerOfNumber = cat([.. numbers.Select((count, i) => full([count], i, dtype: ScalarType.Int32, device: device))])
            .DetachFromDisposeScope();
    }

    public int Images { get; }

    /// <summary>What multiplies the activations of every layer in one step: 0 or <see cref="DropoutMask.Scale"/>. Of the caller's
    /// scope.</summary>
    public StepTensors Of(StepMasks step)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        long[] seeds = [.. _layers.Select(layer => unchecked((long)step.SeedOf(layer.Number)))];
        var bits = tensor(seeds, device: _offsets.device).index_select(0, _layerOfNumber).add_(_offsets);
        bits = Spread(bits, _constants.By30).mul_(_constants.First);
        bits = Spread(bits, _constants.By27).mul_(_constants.Second);

        // libtorch compares signed numbers: the highest bit of each of the four is turned over, here and in the threshold.
        bits = Spread(bits, _constants.By31).unsqueeze(1).bitwise_right_shift(_fourths).bitwise_and_(_constants.Lowest);
        var mask = bits.ge(_constants.Threshold).to_type(ScalarType.Float32).mul_(DropoutMask.Scale(_rate)).flatten();
        return new StepTensors(mask.MoveToOuterDisposeScope(), _layers, Images);
    }

    public void Dispose()
    {
        _offsets.Dispose();
        _layerOfNumber.Dispose();
        _fourths.Dispose();
        _constants.Dispose();
    }

    /// <summary>bits ^ (bits >>> n): int64 shifts its sign along, which the mask takes away.</summary>
    private static Tensor Spread(Tensor bits, (Tensor Shift, Tensor Mask) by) =>
        bits.bitwise_right_shift(by.Shift).bitwise_and_(by.Mask).bitwise_xor_(bits);

    /// <summary>Numbers on the CPU: a kernel takes them as arguments. Tensors, because the garbage collector may free TorchSharp's
    /// scalars before a call has read them.</summary>
    private sealed class Constants(ushort threshold) : IDisposable
    {
        public Tensor Golden { get; } = Of(DropoutMask.Golden);

        public Tensor First { get; } = Of(DropoutMask.First);

        public Tensor Second { get; } = Of(DropoutMask.Second);

        public Tensor Lowest { get; } = Of(0xFFFF);

        public Tensor Threshold { get; } = Of(threshold);

        public (Tensor, Tensor) By30 { get; } = (Of(30), Of(ulong.MaxValue >> 30));

        public (Tensor, Tensor) By27 { get; } = (Of(27), Of(ulong.MaxValue >> 27));

        public (Tensor, Tensor) By31 { get; } = (Of(31), Of(ulong.MaxValue >> 31));

        public void Dispose()
        {
            (Tensor Shift, Tensor Mask)[] pairs = [By30, By27, By31];
            Tensor[] all = [Golden, First, Second, Lowest, Threshold, .. pairs.SelectMany(pair => (Tensor[])[pair.Shift, pair.Mask])];
            foreach (var one in all)
            {
                one.Dispose();
            }
        }

        private static Tensor Of(ulong value) => tensor(unchecked((long)value), dtype: ScalarType.Int64).DetachFromDisposeScope();
    }
}

/// <summary>A layer that drops elements.</summary>
/// <param name="Number">Of its convolution; <see cref="StepMasks.InputLayer"/> for the input.</param>
internal readonly record struct MaskedLayer(int Number, int Steps, int Channels)
{
    /// <summary>Channels filled up to whole blocks, as the CPU's kernels count them.</summary>
    public int Lanes => Rows.BlocksOf(Channels) * Rows.Lanes;

    /// <summary>Of one image.</summary>
    public int Elements => Steps * Lanes;

    /// <param name="length">Steps of the input.</param>
    public static IEnumerable<MaskedLayer> Of(TcnShape shape, int length) =>
        BlockGeometry.Of(shape.Levels, shape.KernelSize, length).SelectMany((block, i) => (MaskedLayer[])
            [new MaskedLayer(2 * i, block.Positions, shape.Hidden), new MaskedLayer((2 * i) + 1, block.Outputs, shape.Hidden)]);
}

/// <summary>The masks of one step, layer after layer in one tensor.</summary>
internal sealed class StepTensors(Tensor all, MaskedLayer[] layers, int images)
{
    /// <returns>[batch, channels, 1, time], with channels last in memory.</returns>
    public Tensor Of(int layer, long batch)
    {
        var place = Array.FindIndex(layers, one => one.Number == layer);
        var (found, start) = (layers[place], layers.Take(place).Sum(one => (long)images * one.Elements));
        return all.narrow(0, start, batch * found.Elements).view(batch, 1, found.Steps, found.Lanes).narrow(3, 0, found.Channels)
            .permute(0, 3, 1, 2);
    }
}
