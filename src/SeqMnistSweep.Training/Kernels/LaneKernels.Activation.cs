using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Training.Kernels;

/// <content>What comes between convolutions, in one pass over memory that is still in the cache. A mask is never stored: where an
/// activation is not positive, either ReLU or dropout has made it so, and no gradient passes. Maxima are taken so that NaN stays NaN. What
/// a convolution reads next is rounded to bfloat16 on its way to memory where that is asked for.</content>
internal sealed unsafe partial class LaneKernels<TLanes>
{
    private const int Lanes = Rows.Lanes;

    public override void Activate(in Rows h, int number, MaskRule mask, bool round)
    {
        for (var block = 0; block < h.Blocks; block++)
        {
            if (mask.Rate > 0)
            {
                var (counter, step) = Counter(h, number, block, mask.Seed);
                Dropped(h.At(block, 0), h.Length, counter, step, DropoutMask.Threshold(mask.Rate), mask.Scale, round);
            }
            else
            {
                Positive(h.At(block, 0), h.Length, round);
            }
        }
    }

    public override void Drop(in Rows x, int number, MaskRule mask)
    {
        for (var block = 0; block < x.Blocks; block++)
        {
            var (counter, step) = Counter(x, number, block, mask.Seed);
            Masked(x.At(block, 0), x.Length, counter, step, DropoutMask.Threshold(mask.Rate), mask.Scale);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Join(float* h, float* residual, nint residualStep, float* output, int rows, bool round)
    {
        for (var i = 0; i < rows; i++, h += Lanes, output += Lanes, residual += residualStep)
        {
            Rounded(TLanes.Relu(TLanes.Load(h) + TLanes.Load(residual)), round).Store(output);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Part(float* gradient, float* output, float* h, float* inner, int rows, float scale, float* biasSums, bool round)
    {
        var sum = default(TLanes);
        for (var i = 0; i < rows; i++, gradient += Lanes, output += Lanes, h += Lanes, inner += Lanes)
        {
            var g = TLanes.WherePositive(TLanes.Load(output), TLanes.Load(gradient));
            g.Store(gradient);
            g = Rounded(TLanes.WherePositive(TLanes.Load(h), g * TLanes.All(scale)), round);
            g.Store(inner);
            sum += g;
        }

        (TLanes.Load(biasSums) + sum).Store(biasSums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Deactivate(float* gradient, float* h, int rows, float scale, float* biasSums, bool round)
    {
        var sum = default(TLanes);
        for (var i = 0; i < rows; i++, gradient += Lanes, h += Lanes)
        {
            var g = Rounded(TLanes.WherePositive(TLanes.Load(h), TLanes.Load(gradient) * TLanes.All(scale)), round);
            g.Store(gradient);
            sum += g;
        }

        (TLanes.Load(biasSums) + sum).Store(biasSums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Add(float* from, float* to, nint toStep, int rows)
    {
        for (var i = 0; i < rows; i++, from += Lanes, to += toStep)
        {
            (TLanes.Load(to) + TLanes.Load(from)).Store(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddSum(float* from, int rows, float* sums)
    {
        var sum = default(TLanes);
        for (var i = 0; i < rows; i++, from += Lanes)
        {
            sum += TLanes.Load(from);
        }

        (TLanes.Load(sums) + sum).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Round(Span<float> values)
    {
        var i = 0;
        fixed (float* first = values)
        {
            for (; i + Lanes <= values.Length; i += Lanes)
            {
                TLanes.ToBFloat16(TLanes.Load(first + i)).Store(first + i);
            }
        }

        if (i < values.Length)
        {
            var rest = stackalloc float[Lanes];
            values[i..].CopyTo(new Span<float>(rest, Lanes));
            TLanes.ToBFloat16(TLanes.Load(rest)).Store(rest);
            new Span<float>(rest, values.Length - i).CopyTo(values[i..]);
        }
    }

    /// <summary>Of the first element of an image's block, and what is added from row to row.</summary>
    private static (ulong Counter, ulong Step) Counter(in Rows rows, int number, int block, ulong seed)
    {
        var perRow = (ulong)(rows.Blocks * Lanes / 4);
        var first = ((ulong)((long)number * rows.Length) * perRow) + (ulong)(block * Lanes / 4);
        return (DropoutMask.Counter(seed, first), unchecked(perRow * DropoutMask.Golden));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Rounded(TLanes value, bool round) => round ? TLanes.ToBFloat16(value) : value;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Positive(float* h, int rows, bool round)
    {
        for (var i = 0; i < rows; i++, h += Lanes)
        {
            Rounded(TLanes.Relu(TLanes.Load(h)), round).Store(h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dropped(float* h, int rows, ulong counter, ulong step, ushort threshold, float scale, bool round)
    {
        for (var i = 0; i < rows; i++, h += Lanes, counter += step)
        {
            Rounded(TLanes.Relu(TLanes.Load(h)) * TLanes.Mask(counter, threshold, scale), round).Store(h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Masked(float* x, int rows, ulong counter, ulong step, ushort threshold, float scale)
    {
        for (var i = 0; i < rows; i++, x += Lanes, counter += step)
        {
            (TLanes.Load(x) * TLanes.Mask(counter, threshold, scale)).Store(x);
        }
    }
}
