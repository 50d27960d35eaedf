using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>A multiply-add of single numbers that is rounded once, on every CPU.</summary>
internal static class FusedMultiplyAdd
{
    /// <summary>a b + c, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float a, float b, float c) =>
        Fma.IsSupported || AdvSimd.IsSupported ? MathF.FusedMultiplyAdd(a, b, c) : Plain(a, b, c);

    /// <summary>The same out of operations that every CPU has. In double the product is exact; the sum is rounded to odd (Boldo and
    /// Melquiond 2008), so that rounding it once more, to float, gives what one rounding would have given.</summary>
    public static float Plain(float a, float b, float c)
    {
        var product = (double)a * b;
        var sum = product + c;
        var back = sum - product;
        var lost = (product - (sum - back)) + (c - back);
        if (lost != 0 && double.IsFinite(sum))
        {
            var bits = BitConverter.DoubleToInt64Bits(sum);
            if ((bits & 1) == 0)
            {
                // Towards the exact value, to the neighbour whose last bit is 1.
                bits += (lost > 0) == (sum > 0) ? 1 : -1;
                sum = BitConverter.Int64BitsToDouble(bits);
            }
        }

        return (float)sum;
    }
}
