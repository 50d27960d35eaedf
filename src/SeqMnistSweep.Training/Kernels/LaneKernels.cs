namespace SeqMnistSweep.Training.Kernels;

/// <summary>The kernels for one width of vectors. All widths give the same bits; they differ in speed.</summary>
internal abstract unsafe class LaneKernels
{
    private static readonly LaneKernels Plain = new Of<PlainLanes>(KernelWidth.Plain);

    /// <summary>Those that this CPU has, the widest first; the last one needs nothing of it.</summary>
    public static IReadOnlyList<LaneKernels> Available { get; } =
    [
        .. Lanes512.IsSupported ? [new Of<Lanes512>(KernelWidth.Avx512)] : Array.Empty<LaneKernels>(),
        .. Lanes256.IsSupported ? [new Of<Lanes256>(KernelWidth.Avx2)] : Array.Empty<LaneKernels>(),
        .. Lanes128.IsSupported ? [new Of<Lanes128>(KernelWidth.Vector128)] : Array.Empty<LaneKernels>(),
        Plain,
    ];

    public abstract KernelWidth Width { get; }

    /// <summary>Blocks of 16 output channels that a convolution computes together.</summary>
    public abstract int Blocks { get; }

    /// <summary>The widest that this CPU has.</summary>
    public static LaneKernels Widest => Available[0];

    public static LaneKernels For(KernelWidth width) => Available.FirstOrDefault(kernels => kernels.Width == width)
        ?? throw new NotSupportedException(
            $"this CPU has no {width.Name}; it has {string.Join(", ", Available.Select(kernels => kernels.Width.Name))}");

    /// <inheritdoc cref="ConvolutionKernel{TLanes}.Run"/>
    public abstract void Convolve(in Convolution convolution, int positions, int stride, int wide);

    /// <inheritdoc cref="WeightGradientKernel{TLanes}.Run"/>
    public abstract void AddWeightGradient(
        float* x,
        int stride,
        int channels,
        float* gradient,
        nint gradientBlock,
        int positions,
        int wide,
        float* sums);

    /// <inheritdoc cref="ActivationKernel{TLanes}.Activate"/>
    public abstract void Activate(in Rows h, int number, MaskRule mask, bool round);

    /// <inheritdoc cref="ActivationKernel{TLanes}.Drop"/>
    public abstract void Drop(in Rows x, int number, MaskRule mask);

    /// <inheritdoc cref="ActivationKernel{TLanes}.Join"/>
    public abstract void Join(float* h, float* residual, nint residualStep, float* output, int rows, bool round);

    /// <inheritdoc cref="ActivationKernel{TLanes}.Part"/>
    public abstract void Part(float* gradient, float* output, float* h, float* inner, int rows, float scale, float* biasSums, bool round);

    /// <inheritdoc cref="ActivationKernel{TLanes}.Deactivate"/>
    public abstract void Deactivate(float* gradient, float* h, int rows, float scale, float* biasSums, bool round);

    public abstract void Add(float* from, float* to, nint toStep, int rows);

    public abstract void AddSum(float* from, int rows, float* sums);

    /// <inheritdoc cref="ActivationKernel{TLanes}.Round"/>
    public void Round(Span<float> values)
    {
        fixed (float* first = values)
        {
            Round(first, values.Length);
        }
    }

    protected abstract void Round(float* values, int count);

    private sealed class Of<TLanes>(KernelWidth width) : LaneKernels
        where TLanes : struct, ILanes<TLanes>
    {
        public override KernelWidth Width => width;

        public override int Blocks => TLanes.Blocks;

        public override void Convolve(in Convolution convolution, int positions, int stride, int wide) =>
            ConvolutionKernel<TLanes>.Run(convolution, positions, stride, wide);

        public override void AddWeightGradient(
            float* x,
            int stride,
            int channels,
            float* gradient,
            nint gradientBlock,
            int positions,
            int wide,
            float* sums) =>
            WeightGradientKernel<TLanes>.Run(x, stride, channels, gradient, gradientBlock, positions, wide, sums);

        public override void Activate(in Rows h, int number, MaskRule mask, bool round) =>
            ActivationKernel<TLanes>.Activate(h, number, mask, round);

        public override void Drop(in Rows x, int number, MaskRule mask) => ActivationKernel<TLanes>.Drop(x, number, mask);

        public override void Join(float* h, float* residual, nint residualStep, float* output, int rows, bool round) =>
            ActivationKernel<TLanes>.Join(h, residual, residualStep, output, rows, round);

        public override void Part(
            float* gradient,
            float* output,
            float* h,
            float* inner,
            int rows,
            float scale,
            float* biasSums,
            bool round) =>
            ActivationKernel<TLanes>.Part(gradient, output, h, inner, rows, scale, biasSums, round);

        public override void Deactivate(float* gradient, float* h, int rows, float scale, float* biasSums, bool round) =>
            ActivationKernel<TLanes>.Deactivate(gradient, h, rows, scale, biasSums, round);

        public override void Add(float* from, float* to, nint toStep, int rows) => ActivationKernel<TLanes>.Add(from, to, toStep, rows);

        public override void AddSum(float* from, int rows, float* sums) => ActivationKernel<TLanes>.AddSum(from, rows, sums);

        protected override void Round(float* values, int count) => ActivationKernel<TLanes>.Round(values, count);
    }
}
