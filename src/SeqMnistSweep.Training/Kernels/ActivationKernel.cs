using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SeqMnistSweep.Training.Networks;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>
/// What comes between convolutions, in one pass over memory that is still in the cache. A mask is never stored: where an activation is
/// not positive, either ReLU or dropout has made it so, and no gradient passes. Maxima are taken so that NaN stays NaN.
/// What a convolution reads next is rounded to bfloat16 on its way to memory where that is asked for.
/// </summary>
internal static unsafe class ActivationKernel
{
    private const int Lanes = Rows.Lanes;

    /// <summary>dropout(relu(h)) in place. Elements are counted as [image][row][channel] with the lanes of the last block filled up.</summary>
    /// <param name="number">Of the image in its batch.</param>
    public static void Activate(in Rows h, int image, int number, MaskRule mask, bool round)
    {
        for (var block = 0; block < h.Blocks; block += 2)
        {
            var first = h.At(image, block, 0);
            var second = block + 1 < h.Blocks ? h.At(image, block + 1, 0) : null;
            if (mask.Rate > 0)
            {
                var perRow = (ulong)(h.Blocks * Lanes);
                Dropped(first, second, h.Length, ((ulong)(number * h.Length) * perRow) + (ulong)(block * Lanes), perRow, mask, round);
            }
            else
            {
                Positive(first, h.Length, round);
                if (second is not null)
                {
                    Positive(second, h.Length, round);
                }
            }
        }
    }

    /// <summary>Dropout alone, for the network's input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Drop(in Rows x, int image, int number, MaskRule mask)
    {
        var perRow = (ulong)(x.Blocks * Lanes);
        var step = Vector512.Create(unchecked(perRow / 4 * DropoutMask.Golden));
        var limit = Vector512.Create(DropoutMask.Threshold(mask.Rate));
        var scale = Vector512.Create(mask.Scale).AsInt32();
        for (var block = 0; block < x.Blocks; block++)
        {
            var counter = DropoutMask.Counter(mask.Seed, (((ulong)(number * x.Length) * perRow) + (ulong)(block * Lanes)) / 4);
            var row = x.At(image, block, 0);
            for (var i = 0; i < x.Length; i++, row += Lanes)
            {
                var kept = Vector512.GreaterThanOrEqual(DropoutMask.Bits(counter), limit).AsInt16();
                (Vector512.Load(row) * (Vector512.WidenLower(kept) & scale).AsSingle()).Store(row);
                counter += step;
            }
        }
    }

    /// <summary>relu(h + residual).</summary>
    /// <param name="residualStep">Floats from one row of the residual to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Join(float* h, float* residual, nint residualStep, float* output, int rows, bool round)
    {
        for (var i = 0; i < rows; i++, h += Lanes, output += Lanes, residual += residualStep)
        {
            Rounded(Avx512F.Max(Vector512<float>.Zero, Vector512.Load(h) + Vector512.Load(residual)), round).Store(output);
        }
    }

    /// <summary>Backwards through <see cref="Join"/> and the activation of the second convolution, for one block of channels.</summary>
    /// <param name="gradient">Of the output; becomes that of the residual.</param>
    /// <param name="inner">Becomes the gradient of the second convolution's output.</param>
    /// <param name="biasSums">The sums of that over the rows are added.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Part(float* gradient, float* output, float* h, float* inner, int rows, float scale, float* biasSums, bool round)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < rows; i++, gradient += Lanes, output += Lanes, h += Lanes, inner += Lanes)
        {
            var g = Where(Vector512.Load(output), Vector512.Load(gradient));
            g.Store(gradient);
            g = Rounded(Where(Vector512.Load(h), g * scale), round);
            g.Store(inner);
            sum += g;
        }

        (Vector512.Load(biasSums) + sum).Store(biasSums);
    }

    /// <summary>Backwards through <see cref="Activate"/> in place, for one block of channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Deactivate(float* gradient, float* h, int rows, float scale, float* biasSums, bool round)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < rows; i++, gradient += Lanes, h += Lanes)
        {
            var g = Rounded(Where(Vector512.Load(h), Vector512.Load(gradient) * scale), round);
            g.Store(gradient);
            sum += g;
        }

        (Vector512.Load(biasSums) + sum).Store(biasSums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* from, float* to, nint toStep, int rows)
    {
        for (var i = 0; i < rows; i++, from += Lanes, to += toStep)
        {
            (Vector512.Load(to) + Vector512.Load(from)).Store(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSum(float* from, int rows, float* sums)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < rows; i++, from += Lanes)
        {
            sum += Vector512.Load(from);
        }

        (Vector512.Load(sums) + sum).Store(sums);
    }

    /// <summary>The nearest bfloat16 of every value, the even one of two; NaN stays NaN.</summary>
    public static void Round(Span<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        foreach (ref var vector in vectors)
        {
            vector = Rounded(vector, round: true);
        }

        foreach (ref var value in values[(vectors.Length * Lanes)..])
        {
            value = Rounded(Vector512.CreateScalar(value), round: true)[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rounded(Vector512<float> value, bool round)
    {
        if (!round)
        {
            return value;
        }

        var bits = value.AsUInt32();
        var nearest = (bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One)) & Vector512.Create(0xFFFF0000u);
        return Vector512.ConditionalSelect(Vector512.Equals(value, value), nearest.AsSingle(), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Where(Vector512<float> positive, Vector512<float> value) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(positive, Vector512<float>.Zero), value, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Positive(float* h, int rows, bool round)
    {
        for (var i = 0; i < rows; i++, h += Lanes)
        {
            Rounded(Avx512F.Max(Vector512<float>.Zero, Vector512.Load(h)), round).Store(h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dropped(float* first, float* second, int rows, ulong element, ulong perRow, MaskRule rule, bool round)
    {
        var counter = DropoutMask.Counter(rule.Seed, element / 4);
        var step = Vector512.Create(unchecked(perRow / 4 * DropoutMask.Golden));
        var limit = Vector512.Create(DropoutMask.Threshold(rule.Rate));
        var scale = Vector512.Create(rule.Scale).AsInt32();
        for (var i = 0; i < rows; i++, first += Lanes)
        {
            var kept = Vector512.GreaterThanOrEqual(DropoutMask.Bits(counter), limit).AsInt16();
            counter += step;
            Rounded(Avx512F.Max(Vector512<float>.Zero, Vector512.Load(first)) * (Vector512.WidenLower(kept) & scale).AsSingle(), round).Store(first);
            if (second is not null)
            {
                Rounded(Avx512F.Max(Vector512<float>.Zero, Vector512.Load(second)) * (Vector512.WidenUpper(kept) & scale).AsSingle(), round).Store(second);
                second += Lanes;
            }
        }
    }
}
