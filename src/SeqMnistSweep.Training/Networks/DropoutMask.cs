using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Networks;

/// <summary>
/// Fills a mask with 0 at the given rate and 1 / (1 - rate) elsewhere. Element i takes bits 16 (i mod 4) to 16 (i mod 4) + 15 of
/// number i / 4 of <see cref="SplitMix64"/> and is kept when they are at least rate * 65536, rounded. So an element depends on its
/// index and the seed alone, not on the width of the vectors; the rate is a multiple of 1/65536.
/// </summary>
internal static class DropoutMask
{
    public const ulong Golden = 0x9E3779B97F4A7C15UL;
    private const ulong First = 0xBF58476D1CE4E5B9UL;
    private const ulong Second = 0x94D049BB133111EBUL;

    public static void Fill(Span<float> mask, double rate, ulong seed)
    {
        var (threshold, scale) = Parameters(rate);
        var done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            done = Fill512(mask, threshold, scale, seed);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            done = Fill256(mask, threshold, scale, seed);
        }

        FillScalar(mask, done, threshold, scale, seed);
    }

    /// <summary>Elements are kept when their bits are at least this.</summary>
    public static ushort Threshold(double rate) => (ushort)Math.Min(Math.Round(rate * 65536), ushort.MaxValue);

    /// <summary>What kept elements are multiplied with.</summary>
    public static float Scale(double rate) => (float)(1 / (1 - rate));

    /// <summary>The state of which <see cref="Bits"/> makes elements 4 * <paramref name="number"/> and the 31 that follow.</summary>
    public static Vector512<ulong> Counter(ulong seed, ulong number) =>
        Vector512.Create(unchecked(seed + ((number + 1) * Golden))) + (Vector512<ulong>.Indices * Golden);

    /// <summary>The bits of 32 elements in order, 16 each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Bits(Vector512<ulong> counter)
    {
        var x = (counter ^ (counter >>> 30)) * First;
        x = (x ^ (x >>> 27)) * Second;
        return (x ^ (x >>> 31)).AsUInt16();
    }

    /// <summary>The definition, one element after the other.</summary>
    internal static void FillPlainly(Span<float> mask, double rate, ulong seed)
    {
        var (threshold, scale) = Parameters(rate);
        FillScalar(mask, 0, threshold, scale, seed);
    }

    /// <summary>The same with vectors of 256 bits, whatever the machine has.</summary>
    internal static void FillNarrowly(Span<float> mask, double rate, ulong seed)
    {
        var (threshold, scale) = Parameters(rate);
        FillScalar(mask, Fill256(mask, threshold, scale, seed), threshold, scale, seed);
    }

    private static (ushort Threshold, float Scale) Parameters(double rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rate, 1);
        return (Threshold(rate), Scale(rate));
    }

    private static void FillScalar(Span<float> mask, int start, ushort threshold, float scale, ulong seed)
    {
        var bits = 0UL;
        for (var i = start; i < mask.Length; i++)
        {
            if (i % 4 == 0 || i == start)
            {
                bits = unchecked(RandomSeed.Mix(seed + ((ulong)(i / 4) * Golden)));
            }

            mask[i] = (ushort)(bits >> (16 * (i % 4))) >= threshold ? scale : 0;
        }
    }

    private static int Fill512(Span<float> mask, ushort threshold, float scale, ulong seed)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(mask);
        var counter = Counter(seed, 0);
        var step = Vector512.Create(unchecked(8 * Golden));
        var limit = Vector512.Create(threshold);
        var kept = Vector512.Create(scale).AsInt32();
        var i = 0;
        for (; i + 1 < vectors.Length; i += 2)
        {
            var (low, high) = Vector512.Widen(Vector512.GreaterThanOrEqual(Bits(counter), limit).AsInt16());
            vectors[i] = (low & kept).AsSingle();
            vectors[i + 1] = (high & kept).AsSingle();
            counter += step;
        }

        return i * Vector512<float>.Count;
    }

    private static int Fill256(Span<float> mask, ushort threshold, float scale, ulong seed)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(mask);
        var counter = Vector256.Create(unchecked(seed + Golden)) + (Vector256<ulong>.Indices * Golden);
        var step = Vector256.Create(unchecked(4 * Golden));
        var limit = Vector256.Create(threshold);
        var kept = Vector256.Create(scale).AsInt32();
        var i = 0;
        for (; i + 1 < vectors.Length; i += 2)
        {
            var x = counter;
            x = (x ^ (x >>> 30)) * First;
            x = (x ^ (x >>> 27)) * Second;
            x ^= x >>> 31;
            var (low, high) = Vector256.Widen(Vector256.GreaterThanOrEqual(x.AsUInt16(), limit).AsInt16());
            vectors[i] = (low & kept).AsSingle();
            vectors[i + 1] = (high & kept).AsSingle();
            counter += step;
        }

        return i * Vector256<float>.Count;
    }
}
