namespace SeqMnistSweep.Training.Kernels;

/// <summary>One residual block, forwards and backwards for one image at a time.</summary>
internal sealed unsafe class BlockKernel : IDisposable
{
    private readonly LaneKernels _kernels;
    private readonly BlockGeometry _geometry;
    private readonly int _inputs;
    private readonly int _hidden;
    private readonly int _taps;
    private readonly bool _round;
    private readonly PackedConvolution _first;
    private readonly PackedConvolution _second;
    private readonly PackedConvolution? _residual;

    /// <param name="gradientOffset">Where in the buffer of gradients the block's own begin.</param>
    /// <param name="round">Whether what convolutions multiply is rounded to bfloat16.</param>
    public BlockKernel(LaneKernels kernels, TcnShape shape, int index, BlockGeometry geometry, int gradientOffset, bool round)
    {
        (_kernels, Index, _round) = (kernels, index, round);
        _geometry = geometry;
        (_inputs, _hidden, _taps) = (shape.InputsOf(index), shape.Hidden, shape.KernelSize);
        _first = new PackedConvolution(kernels, _inputs, _hidden, _taps, 1, gradientOffset);
        _second = new PackedConvolution(kernels, _hidden, _hidden, _taps, 2, _first.GradientEnd);
        _residual = index == 0 && shape.Downsamples ? new PackedConvolution(kernels, _inputs, _hidden, 1, 2, _second.GradientEnd) : null;
    }

    public int Index { get; }

    public int GradientEnd => (_residual ?? _second).GradientEnd;

    public IEnumerable<(string Name, PackedConvolution Convolution)> Convolutions => _residual is null
        ? [("conv1", _first), ("conv2", _second)]
        : [("conv1", _first), ("conv2", _second), ("downsample", _residual)];

    /// <summary>The input, with as many zeros before it as the first convolution reads.</summary>
    public Rows Input(nint address) => new(address, _inputs, _taps - 1, _geometry.Length, 0);

    public Rows Hidden1(nint address) => new(address, _hidden, Math.Max(0, _taps - 1 - _geometry.Skip), _geometry.Positions, 0);

    /// <summary>Of the second convolution's outputs, and of the gradient of the block's.</summary>
    public Rows Outputs(nint address) => new(address, _hidden, 0, _geometry.Outputs, 0);

    public Rows InputGradient(nint address) => new(address, _inputs, 0, _geometry.Length, 0);

    public Rows Gradient1(nint address) => new(address, _hidden, _taps - 1, _geometry.Positions, _taps - 1);

    public Rows Gradient2(nint address) => new(address, _hidden, (_geometry.Skip / 2) + 1, _geometry.Outputs, ((_taps - 1) / 2) + 1);

    /// <param name="output">The next block's input.</param>
    /// <param name="number">Of the image in its batch.</param>
    public void Forward(in BlockMemory memory, in Rows output, int number, in StepMasks masks)
    {
        var (x, h1, h2) = (memory.Input, memory.Hidden1, memory.Hidden2);
        _first.Forward(x, _geometry.First - (_taps - 1), h1);
        _kernels.Activate(h1, number, masks.Of(2 * Index), _round);
        _second.Forward(h1, _geometry.Skip - (_taps - 1), h2);
        _kernels.Activate(h2, number, masks.Of((2 * Index) + 1), round: false);
        _residual?.Forward(x, ResidualRow, output);
        for (var block = 0; block < output.Blocks; block++)
        {
            // What the 1x1 convolution has written there, or every other row of the input as it is.
            var y = output.At(block, 0);
            var residual = _residual is null ? x.At(block, ResidualRow) : y;
            _kernels.Join(h2.At(block, 0), residual, _residual is null ? 2 * Rows.Lanes : Rows.Lanes, y, output.Length, _round);
        }
    }

    /// <param name="outputGradient">Is changed.</param>
    /// <param name="inputGradient">Null for the first block, whose input is data.</param>
    public void Backward(
        in BlockMemory memory, in Rows output, in Rows outputGradient, nint scratch1, nint scratch2, Rows? inputGradient, float scale,
        float* gradients)
    {
        var (x, h1, h2) = (memory.Input, memory.Hidden1, memory.Hidden2);
        var (g1, g2) = (Gradient1(scratch1), Gradient2(scratch2));
        g1.ClearOutside();
        g2.ClearOutside();
        for (var block = 0; block < output.Blocks; block++)
        {
            var residual = outputGradient.At(block, 0);
            var bias = Bias(_second, block, gradients);
            _kernels.Part(residual, output.At(block, 0), h2.At(block, 0), g2.At(block, 0), output.Length, scale, bias, _round);
            if (_residual is not null)
            {
                _kernels.AddSum(residual, output.Length, Bias(_residual, block, gradients));
            }
        }

        _second.AddWeightGradient(h1, _geometry.Skip - (_taps - 1), g2, gradients);
        _second.BackwardByTwo(g2, _geometry.Skip, g1);
        for (var block = 0; block < h1.Blocks; block++)
        {
            _kernels.Deactivate(g1.At(block, 0), h1.At(block, 0), h1.Length, scale, Bias(_first, block, gradients), _round);
        }

        _first.AddWeightGradient(x, _geometry.First - (_taps - 1), g1, gradients);
        _residual?.AddWeightGradient(x, ResidualRow, outputGradient, gradients);
        if (inputGradient is { } gx)
        {
            _first.Backward(g1, _geometry.First, gx);
            for (var block = 0; block < gx.Blocks; block++)
            {
                _kernels.Add(outputGradient.At(block, 0), gx.At(block, ResidualRow), 2 * Rows.Lanes, output.Length);
            }
        }
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _residual?.Dispose();
    }

    /// <summary>The input row that the first output's residual is.</summary>
    private int ResidualRow => _geometry.First + _geometry.Skip;

    private static float* Bias(PackedConvolution convolution, int block, float* gradients)
        => gradients + convolution.BiasOffset + (block * Rows.Lanes);
}

/// <summary>What a block's forward pass leaves for its backward pass, besides its output.</summary>
internal readonly record struct BlockMemory(Rows Input, Rows Hidden1, Rows Hidden2);
