using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SeqMnistSweep.Training.Networks;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>
/// What comes between convolutions, in one pass over memory that is still in the cache. A mask is never stored: where an activation is
/// not positive, either ReLU or dropout has made it so, and no gradient passes. Maxima are taken so that NaN stays NaN.
/// </summary>
internal static unsafe class ActivationKernel
{
    private const int Lanes = Rows.Lanes;

    /// <summary>dropout(relu(h)) in place. Elements are counted as [image][row][channel] with the lanes of the last block filled up.</summary>
    /// <param name="number">Of the image in its batch.</param>
    public static void Activate(in Rows h, int image, int number, MaskRule mask)
    {
        for (var block = 0; block < h.Blocks; block += 2)
        {
            var first = h.At(image, block, 0);
            var second = block + 1 < h.Blocks ? h.At(image, block + 1, 0) : null;
            if (mask.Rate > 0)
            {
                var perRow = (ulong)(h.Blocks * Lanes);
                Dropped(first, second, h.Length, ((ulong)(number * h.Length) * perRow) + (ulong)(block * Lanes), perRow, mask);
            }
            else
            {
                Positive(first, h.Length);
                if (second is not null)
                {
                    Positive(second, h.Length);
                }
            }
        }
    }

    /// <summary>Dropout alone, for the network's input.</summary>
    public static void Drop(in Rows x, int image, int number, MaskRule mask)
    {
        var perRow = (ulong)(x.Blocks * Lanes);
        for (var block = 0; block < x.Blocks; block++)
        {
            var counter = new MaskCounter(mask, ((ulong)(number * x.Length) * perRow) + (ulong)(block * Lanes), perRow);
            var row = x.At(image, block, 0);
            for (var i = 0; i < x.Length; i++, row += Lanes)
            {
                (Vector512.Load(row) * counter.Next().First).Store(row);
            }
        }
    }

    /// <summary>relu(h + residual).</summary>
    /// <param name="residualStep">Floats from one row of the residual to the next.</param>
    public static void Join(float* h, float* residual, nint residualStep, float* output, int rows)
    {
        for (var i = 0; i < rows; i++, h += Lanes, output += Lanes, residual += residualStep)
        {
            Avx512F.Max(Vector512<float>.Zero, Vector512.Load(h) + Vector512.Load(residual)).Store(output);
        }
    }

    /// <summary>Backwards through <see cref="Join"/> and the activation of the second convolution, for one block of channels.</summary>
    /// <param name="gradient">Of the output; becomes that of the residual.</param>
    /// <param name="inner">Becomes the gradient of the second convolution's output.</param>
    /// <param name="biasSums">The sums of that over the rows are added.</param>
    public static void Part(float* gradient, float* output, float* h, float* inner, int rows, float scale, float* biasSums)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < rows; i++, gradient += Lanes, output += Lanes, h += Lanes, inner += Lanes)
        {
            var g = Where(Vector512.Load(output), Vector512.Load(gradient));
            g.Store(gradient);
            g = Where(Vector512.Load(h), g * scale);
            g.Store(inner);
            sum += g;
        }

        (Vector512.Load(biasSums) + sum).Store(biasSums);
    }

    /// <summary>Backwards through <see cref="Activate"/> in place, for one block of channels.</summary>
    public static void Deactivate(float* gradient, float* h, int rows, float scale, float* biasSums)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < rows; i++, gradient += Lanes, h += Lanes)
        {
            var g = Where(Vector512.Load(h), Vector512.Load(gradient) * scale);
            g.Store(gradient);
            sum += g;
        }

        (Vector512.Load(biasSums) + sum).Store(biasSums);
    }

    public static void Add(float* from, float* to, nint toStep, int rows)
    {
        for (var i = 0; i < rows; i++, from += Lanes, to += toStep)
        {
            (Vector512.Load(to) + Vector512.Load(from)).Store(to);
        }
    }

    public static void AddSum(float* from, int rows, float* sums)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < rows; i++, from += Lanes)
        {
            sum += Vector512.Load(from);
        }

        (Vector512.Load(sums) + sum).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Where(Vector512<float> positive, Vector512<float> value) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(positive, Vector512<float>.Zero), value, Vector512<float>.Zero);

    private static void Positive(float* h, int rows)
    {
        for (var i = 0; i < rows; i++, h += Lanes)
        {
            Avx512F.Max(Vector512<float>.Zero, Vector512.Load(h)).Store(h);
        }
    }

    private static void Dropped(float* first, float* second, int rows, ulong element, ulong perRow, MaskRule rule)
    {
        var counter = new MaskCounter(rule, element, perRow);
        for (var i = 0; i < rows; i++, first += Lanes)
        {
            var (low, high) = counter.Next();
            (Avx512F.Max(Vector512<float>.Zero, Vector512.Load(first)) * low).Store(first);
            if (second is not null)
            {
                (Avx512F.Max(Vector512<float>.Zero, Vector512.Load(second)) * high).Store(second);
                second += Lanes;
            }
        }
    }

    /// <summary>The next 32 elements of a mask, row by row.</summary>
    private ref struct MaskCounter
    {
        private readonly Vector512<ulong> _step;
        private readonly Vector512<ushort> _limit;
        private readonly Vector512<int> _kept;
        private Vector512<ulong> _counter;

        public MaskCounter(MaskRule rule, ulong element, ulong perRow)
        {
            _counter = DropoutMask.Counter(rule.Seed, element / 4);
            _step = Vector512.Create(unchecked(perRow / 4 * DropoutMask.Golden));
            _limit = Vector512.Create(DropoutMask.Threshold(rule.Rate));
            _kept = Vector512.Create(rule.Scale).AsInt32();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector512<float> First, Vector512<float> Second) Next()
        {
            var (low, high) = DropoutMask.Kept(_counter, _limit, _kept);
            _counter += _step;
            return (low, high);
        }
    }
}
