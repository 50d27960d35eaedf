namespace SeqMnistSweep.Training.Kernels;

/// <summary>The weights of one convolution in the order of the kernels, forwards and backwards, and where its gradient is summed.</summary>
internal sealed unsafe class PackedConvolution : IDisposable
{
    /// <summary>Positions whose weight gradient is summed before the next input channels are taken: they stay in the first cache.</summary>
    private const int GradientTile = 196;

    private readonly LaneKernels _kernels;
    private readonly WeightLayout _forward;
    private readonly WeightLayout[] _backward;
    private readonly AlignedMemory _weights;
    private readonly AlignedMemory _bias;
    private readonly AlignedMemory[] _turned;
    private readonly int _stride;

    /// <param name="stride">Input steps from one output to the next.</param>
    /// <param name="gradientOffset">Where in the buffer of gradients its own begin: laid-out weights, then the bias.</param>
    public PackedConvolution(LaneKernels kernels, int inputs, int outputs, int taps, int stride, int gradientOffset)
    {
        _kernels = kernels;
        _forward = WeightLayout.Forward(inputs, outputs, taps, kernels.Blocks);
        _backward = stride == 1
            ? [WeightLayout.Backward(inputs, outputs, taps, kernels.Blocks)]
            : [.. Enumerable.Range(0, Math.Min(2, taps))
                .Select(parity => WeightLayout.Backward(inputs, outputs, taps, kernels.Blocks, parity))];
        _weights = new AlignedMemory(_forward.Map.Length);
        _bias = new AlignedMemory(Rows.BlocksOf(outputs) * Rows.Lanes);
        _turned = [.. _backward.Select(layout => new AlignedMemory(layout.Map.Length))];
        _stride = stride;
        GradientOffset = gradientOffset;
    }

    /// <summary>How many, without the lanes that are filled up.</summary>
    public int Weights => _forward.Inputs * _forward.Outputs * _forward.Taps;

    public int GradientOffset { get; }

    public int BiasOffset => GradientOffset + _forward.Map.Length;

    public int GradientEnd => BiasOffset + (int)_bias.Count;

    private int Taps => _forward.Taps;

    /// <param name="weights">[out, in, k].</param>
    /// <param name="bothWays">False where no gradient will be asked for.</param>
    public void Load(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, bool bothWays)
    {
        _forward.Pack(weights, _weights.Span);
        bias.CopyTo(_bias.Span);
        for (var i = 0; bothWays && i < _turned.Length; i++)
        {
            _backward[i].Pack(weights, _turned[i].Span);
        }
    }

    /// <param name="start">The input row that the first tap of the first output reads.</param>
    public void Forward(in Rows x, int start, in Rows y)
    {
        foreach (var group in _forward.Groups)
        {
            var bias = _bias.Pointer + (group.Block * Rows.Lanes);
            Run(_forward, group, _weights, bias, x.At(0, start), x, y.At(group.Block, 0), y, 1, y.Length, _stride);
        }
    }

    /// <summary>Input gradients of a convolution that steps by one.</summary>
    /// <param name="first">The input row that the last tap of the first output reads; gradients begin k - 1 rows before it.</param>
    public void Backward(in Rows gradient, int first, in Rows inputGradient)
    {
        var start = Math.Max(0, first - (Taps - 1));
        foreach (var group in _backward[0].Groups)
        {
            for (var block = group.Block; block < group.Block + group.Wide; block++)
            {
                new Span<float>(inputGradient.At(block, 0), start * Rows.Lanes).Clear();
            }

            Run(_backward[0], group, _turned[0], null, gradient.At(0, start - first), gradient,
                inputGradient.At(group.Block, start), inputGradient, 1, inputGradient.Length - start, 1);
        }
    }

    /// <summary>Input gradients of a convolution that steps by two: even and odd rows each meet half of the taps.</summary>
    /// <param name="skip">The input row that the last tap of the first output reads.</param>
    public void BackwardByTwo(in Rows gradient, int skip, in Rows inputGradient)
    {
        for (var row = 0; row < Math.Min(2, inputGradient.Length); row++)
        {
            var parity = (row - skip + Taps - 1) & 1;
            var start = (row - skip + Taps - 1 - WeightLayout.LastTap(Taps, parity)) / 2;
            foreach (var group in _backward[parity].Groups)
            {
                Run(_backward[parity], group, _turned[parity], null, gradient.At(0, start), gradient,
                    inputGradient.At(group.Block, row), inputGradient, 2, (inputGradient.Length - row + 1) / 2, 1);
            }
        }
    }

    /// <summary>Adds the weights' gradient; the bias's is summed where the output gradients are made.</summary>
    /// <param name="start">As in <see cref="Forward"/>.</param>
    public void AddWeightGradient(in Rows x, int start, in Rows gradient, float* gradients)
    {
        var sums = gradients + GradientOffset;
        foreach (var group in _forward.Groups)
        {
            for (var from = 0; from < gradient.Length; from += GradientTile)
            {
                var positions = Math.Min(GradientTile, gradient.Length - from);
                for (var block = 0; block < x.Blocks; block++)
                {
                    var channels = Math.Min(Rows.Lanes, x.Channels - (block * Rows.Lanes));
                    for (var tap = 0; tap < Taps; tap++)
                    {
                        _kernels.AddWeightGradient(
                            x.At(block, start + (from * _stride) + tap), _stride, channels, gradient.At(group.Block, from),
                            gradient.BlockSize, positions, group.Wide, sums + _forward.Offset(group, block, tap));
                    }
                }
            }
        }
    }

    /// <summary>Adds the summed gradients to those of a tensor [out, in, k] and of the bias.</summary>
    public void Unpack(ReadOnlySpan<float> gradients, Span<float> weights, Span<float> bias)
    {
        _forward.AddUnpacked(gradients[GradientOffset..BiasOffset], weights);
        for (var i = 0; i < bias.Length; i++)
        {
            bias[i] += gradients[BiasOffset + i];
        }
    }

    public void Dispose()
    {
        foreach (var memory in (AlignedMemory[])[_weights, _bias, .. _turned])
        {
            memory.Dispose();
        }
    }

    private void Run(
        WeightLayout layout, ChannelGroup group, AlignedMemory weights, float* bias, float* input, in Rows x, float* output, in Rows y,
        int outputStep, int positions, int stride) =>
        _kernels.Convolve(
            new Convolution(
                (nint)input, x.BlockSize, layout.Inputs, layout.Taps, (nint)(weights.Pointer + layout.Offset(group, 0, 0)), (nint)bias,
                (nint)output, y.BlockSize, outputStep * Rows.Lanes),
            positions, stride, group.Wide);
}
