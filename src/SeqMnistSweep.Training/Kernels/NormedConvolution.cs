namespace SeqMnistSweep.Training.Kernels;

/// <summary>A convolution and where its parameters lie in the flat buffer: weights of direction v and length g, or plain ones.</summary>
internal sealed class NormedConvolution
{
    private readonly LaneKernels _kernels;
    private readonly PackedConvolution _convolution;
    private readonly ParameterSlot _v;
    private readonly ParameterSlot? _g;
    private readonly ParameterSlot _bias;
    private readonly float[] _weights;

    private NormedConvolution(LaneKernels kernels, PackedConvolution convolution, ParameterSlot v, ParameterSlot? g, ParameterSlot bias)
    {
        (_kernels, _convolution, _v, _g, _bias) = (kernels, convolution, v, g, bias);
        _weights = new float[v.Count];
    }

    public static NormedConvolution Of(
        LaneKernels kernels,
        string name,
        PackedConvolution convolution,
        IReadOnlyDictionary<string, ParameterSlot> slots) =>
        slots.TryGetValue(name + ".weight_g", out var g)
            ? new NormedConvolution(kernels, convolution, slots[name + ".weight_v"], g, slots[name + ".bias"])
            : new NormedConvolution(kernels, convolution, slots[name + ".weight"], null, slots[name + ".bias"]);

    /// <param name="round">Whether weights are rounded to bfloat16.</param>
    public void Load(ReadOnlySpan<float> flat, bool bothWays, bool round)
    {
        var bias = flat.Slice(_bias.Offset, _bias.Count);
        var v = flat.Slice(_v.Offset, _v.Count);
        if (_g is null)
        {
            v.CopyTo(_weights);
        }
        else
        {
            WeightNorm.Apply(v, flat.Slice(_g.Offset, _g.Count), _weights);
        }

        if (round)
        {
            _kernels.Round(_weights);
        }

        _convolution.Load(_weights, bias, bothWays);
    }

    /// <param name="sums">As the kernels left them.</param>
    /// <param name="gradient">Of the flat buffer; zero at this convolution's parameters so far.</param>
    public void Gradient(ReadOnlySpan<float> flat, ReadOnlySpan<float> sums, Span<float> gradient)
    {
        var bias = gradient.Slice(_bias.Offset, _bias.Count);
        var v = gradient.Slice(_v.Offset, _v.Count);
        if (_g is null)
        {
            _convolution.Unpack(sums, v, bias);
            return;
        }

        _weights.AsSpan().Clear();
        _convolution.Unpack(sums, _weights, bias);
        WeightNorm.Gradient(
            flat.Slice(_v.Offset, _v.Count), flat.Slice(_g.Offset, _g.Count), _weights, v, gradient.Slice(_g.Offset, _g.Count));
    }
}
