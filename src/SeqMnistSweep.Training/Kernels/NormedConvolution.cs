namespace SeqMnistSweep.Training.Kernels;

/// <summary>A convolution and where its parameters lie in the flat buffer: weights of direction v and length g, or plain ones.</summary>
/// <param name="name">Of the parameters before their dot.</param>
internal sealed class NormedConvolution(
    LaneKernels kernels, string name, PackedConvolution convolution, IReadOnlyDictionary<string, ParameterSlot> slots)
{
    private readonly ParameterSlot _v = slots.GetValueOrDefault(name + ".weight_v") ?? slots[name + ".weight"];
    private readonly ParameterSlot? _g = slots.GetValueOrDefault(name + ".weight_g");
    private readonly ParameterSlot _bias = slots[name + ".bias"];
    private readonly float[] _weights = new float[convolution.Weights];

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
            kernels.Round(_weights);
        }

        convolution.Load(_weights, bias, bothWays);
    }

    /// <param name="sums">As the kernels left them.</param>
    /// <param name="gradient">Of the flat buffer; zero at this convolution's parameters so far.</param>
    public void Gradient(ReadOnlySpan<float> flat, ReadOnlySpan<float> sums, Span<float> gradient)
    {
        var bias = gradient.Slice(_bias.Offset, _bias.Count);
        var v = gradient.Slice(_v.Offset, _v.Count);
        if (_g is null)
        {
            convolution.Unpack(sums, v, bias);
            return;
        }

        _weights.AsSpan().Clear();
        convolution.Unpack(sums, _weights, bias);
        WeightNorm.Gradient(
            flat.Slice(_v.Offset, _v.Count), flat.Slice(_g.Offset, _g.Count), _weights, v, gradient.Slice(_g.Offset, _g.Count));
    }
}
