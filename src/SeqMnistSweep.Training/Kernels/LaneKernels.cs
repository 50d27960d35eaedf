using System.Diagnostics;
using System.Runtime.CompilerServices;

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
        ?? throw new NotSupportedException($"this CPU has no {width.Name}; it has {string.Join(", ", Available.Select(kernels => kernels.Width.Name))}");

    /// <inheritdoc cref="ConvolutionKernel{TLanes}.Run"/>
    public abstract void Convolve(in Convolution convolution, int positions, int stride, int wide);

    /// <inheritdoc cref="WeightGradientKernel{TLanes}.Run"/>
    public abstract void AddWeightGradient(float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, int wide, float* sums);

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

    /// <summary>How many multiply-adds of single floats this thread makes in a nanosecond when it does nothing else and no memory is involved.</summary>
    /// <param name="length">How long to try.</param>
    public double MostMultiplyAdds(TimeSpan length)
    {
        const int Rounds = 20_000;
        var (made, start) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            made += (long)Rounds * MultiplyAdds(Rounds) * Rows.Lanes;
        }

        return made / (Stopwatch.GetElapsedTime(start).TotalSeconds * 1e9);
    }

    protected abstract void Round(float* values, int count);

    /// <returns>Vectors of 16 per round.</returns>
    protected abstract int MultiplyAdds(int rounds);

    private sealed class Of<TLanes>(KernelWidth width) : LaneKernels
        where TLanes : struct, ILanes<TLanes>
    {
        private static TLanes _sink;

        public override KernelWidth Width => width;

        public override int Blocks => TLanes.Blocks;

        public override void Convolve(in Convolution convolution, int positions, int stride, int wide) =>
            ConvolutionKernel<TLanes>.Run(convolution, positions, stride, wide);

        public override void AddWeightGradient(float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, int wide, float* sums) =>
            WeightGradientKernel<TLanes>.Run(x, stride, channels, gradient, gradientBlock, positions, wide, sums);

        public override void Activate(in Rows h, int number, MaskRule mask, bool round) =>
            ActivationKernel<TLanes>.Activate(h, number, mask, round);

        public override void Drop(in Rows x, int number, MaskRule mask) => ActivationKernel<TLanes>.Drop(x, number, mask);

        public override void Join(float* h, float* residual, nint residualStep, float* output, int rows, bool round) =>
            ActivationKernel<TLanes>.Join(h, residual, residualStep, output, rows, round);

        public override void Part(float* gradient, float* output, float* h, float* inner, int rows, float scale, float* biasSums, bool round) =>
            ActivationKernel<TLanes>.Part(gradient, output, h, inner, rows, scale, biasSums, round);

        public override void Deactivate(float* gradient, float* h, int rows, float scale, float* biasSums, bool round) =>
            ActivationKernel<TLanes>.Deactivate(gradient, h, rows, scale, biasSums, round);

        public override void Add(float* from, float* to, nint toStep, int rows) => ActivationKernel<TLanes>.Add(from, to, toStep, rows);

        public override void AddSum(float* from, int rows, float* sums) => ActivationKernel<TLanes>.AddSum(from, rows, sums);

        protected override void Round(float* values, int count) => ActivationKernel<TLanes>.Round(values, count);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        protected override int MultiplyAdds(int rounds)
        {
            // Three, six or twelve chains of 16 floats: enough to hide the latency, few enough for the registers.
            TLanes a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5;
            a0 = a1 = a2 = a3 = a4 = a5 = b0 = b1 = b2 = b3 = b4 = b5 = TLanes.All(0.5f);
            var (factor, term) = (TLanes.All(0.999f), TLanes.All(0.001f));
            for (var i = 0; i < rounds; i++)
            {
                a0 = TLanes.MultiplyAdd(a0, factor, term);
                a1 = TLanes.MultiplyAdd(a1, factor, term);
                a2 = TLanes.MultiplyAdd(a2, factor, term);
                if (TLanes.Positions > 2)
                {
                    a3 = TLanes.MultiplyAdd(a3, factor, term);
                    a4 = TLanes.MultiplyAdd(a4, factor, term);
                    a5 = TLanes.MultiplyAdd(a5, factor, term);
                }

                if (TLanes.Blocks > 1)
                {
                    b0 = TLanes.MultiplyAdd(b0, factor, term);
                    b1 = TLanes.MultiplyAdd(b1, factor, term);
                    b2 = TLanes.MultiplyAdd(b2, factor, term);
                    b3 = TLanes.MultiplyAdd(b3, factor, term);
                    b4 = TLanes.MultiplyAdd(b4, factor, term);
                    b5 = TLanes.MultiplyAdd(b5, factor, term);
                }
            }

            _sink = a0 + a1 + a2 + a3 + a4 + a5 + b0 + b1 + b2 + b3 + b4 + b5;
            return TLanes.Blocks > 1 ? 12 : TLanes.Positions > 2 ? 6 : 3;
        }
    }
}
