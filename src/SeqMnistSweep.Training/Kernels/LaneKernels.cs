namespace SeqMnistSweep.Training.Kernels;

/// <summary>The kernels for one width of vectors. All widths give the same bits; they differ in speed.</summary>
internal abstract unsafe class LaneKernels
{
    /// <summary>Those that this CPU has, the widest first; the last one needs nothing of it.</summary>
    public static IReadOnlyList<LaneKernels> Available { get; } =
    [
        .. Lanes512.IsSupported ? [new LaneKernels<Lanes512>(KernelWidth.Avx512)] : Array.Empty<LaneKernels>(),
        .. Lanes256.IsSupported ? [new LaneKernels<Lanes256>(KernelWidth.Avx2)] : Array.Empty<LaneKernels>(),
        .. Lanes128.IsSupported ? [new LaneKernels<Lanes128>(KernelWidth.Vector128)] : Array.Empty<LaneKernels>(),
        new LaneKernels<PlainLanes>(KernelWidth.Plain),
    ];

    public abstract KernelWidth Width { get; }

    /// <summary>Blocks of 16 output channels that a convolution computes together.</summary>
    public abstract int Blocks { get; }

    /// <summary>The widest that this CPU has.</summary>
    public static LaneKernels Widest => Available[0];

    public static LaneKernels For(KernelWidth width) => Available.FirstOrDefault(kernels => kernels.Width == width)
        ?? throw new NotSupportedException(
            $"this CPU has no {width.Name}; it has {string.Join(", ", Available.Select(kernels => kernels.Width.Name))}");

    /// <param name="stride">Input rows from one position to the next: 1 or 2.</param>
    /// <param name="wide">Blocks of 16 output channels: 1 or 2.</param>
    public abstract void Convolve(in Convolution convolution, int positions, int stride, int wide);

    /// <summary>Adds to <paramref name="sums"/> what one block of inputs gives for one tap and one group of output channels.</summary>
    /// <param name="x">What the tap reads at the first position.</param>
    /// <param name="stride">Input rows from one position to the next: 1 or 2.</param>
    /// <param name="gradient">Of the outputs, at the first position.</param>
    /// <param name="gradientBlock">Floats from one block of 16 output channels to the next.</param>
    /// <param name="sums">[channels][wide * 16].</param>
    public abstract void AddWeightGradient(
        float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, int wide, float* sums);

    /// <summary>dropout(relu(h)) in place. Elements are counted as [image][row][channel], the last block's lanes filled up.</summary>
    /// <param name="number">Of the image in its batch.</param>
    public abstract void Activate(in Rows h, int number, MaskRule mask, bool round);

    /// <summary>Dropout alone, for the network's input.</summary>
    public abstract void Drop(in Rows x, int number, MaskRule mask);

    /// <summary>relu(h + residual).</summary>
    /// <param name="residualStep">Floats from one row of the residual to the next.</param>
    public abstract void Join(float* h, float* residual, nint residualStep, float* output, int rows, bool round);

    /// <summary>Backwards through <see cref="Join"/> and the activation of the second convolution, for one block of channels.</summary>
    /// <param name="gradient">Of the output; becomes that of the residual.</param>
    /// <param name="inner">Becomes the gradient of the second convolution's output.</param>
    /// <param name="biasSums">The sums of that over the rows are added.</param>
    public abstract void Part(float* gradient, float* output, float* h, float* inner, int rows, float scale, float* biasSums, bool round);

    /// <summary>Backwards through <see cref="Activate"/> in place, for one block of channels.</summary>
    public abstract void Deactivate(float* gradient, float* h, int rows, float scale, float* biasSums, bool round);

    public abstract void Add(float* from, float* to, nint toStep, int rows);

    public abstract void AddSum(float* from, int rows, float* sums);

    /// <summary>The nearest bfloat16 of every value.</summary>
    public abstract void Round(Span<float> values);
}

/// <summary>The kernels on sixteen floats at a time, as <typeparamref name="TLanes"/> computes them.</summary>
internal sealed unsafe partial class LaneKernels<TLanes>(KernelWidth width) : LaneKernels
    where TLanes : struct, ILanes<TLanes>
{
    public override KernelWidth Width => width;

    public override int Blocks => TLanes.Blocks;
}
