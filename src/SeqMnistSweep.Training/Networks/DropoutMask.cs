using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SeqMnistSweep.Training.Networks;

/// <summary>A dropout mask: 0 at the given rate and 1 / (1 - rate) elsewhere. Element i takes bits 16 (i mod 4) to 16 (i mod 4) + 15 of
/// number i / 4 of <see cref="SplitMix64"/> and is kept when they are at least rate * 65536, rounded. So an element depends on its index
/// and the seed alone; the rate is a multiple of 1/65536.</summary>
internal static class DropoutMask
{
    public const ulong Golden = 0x9E3779B97F4A7C15UL;
    public const ulong First = 0xBF58476D1CE4E5B9UL;
    public const ulong Second = 0x94D049BB133111EBUL;

    /// <summary>How many elements take their bits from one number.</summary>
    public const int ElementsOfNumber = 4;

    /// <summary>Elements are kept when their bits are at least this.</summary>
    public static ushort Threshold(double rate) => (ushort)Math.Min(Math.Round(rate * 65536), ushort.MaxValue);

    /// <summary>What kept elements are multiplied with.</summary>
    public static float Scale(double rate) => (float)(1 / (1 - rate));

    /// <summary>The state that makes number <paramref name="number"/>; each number further is <see cref="Golden"/> more.</summary>
    public static ulong Counter(ulong seed, ulong number) => unchecked(seed + ((number + 1) * Golden));

    /// <summary>The bits of four elements, <paramref name="further"/> numbers after the counter's.</summary>
    public static ulong Number(ulong counter, int further) => RandomSeed.Mix(unchecked(counter + ((ulong)(further - 1) * Golden)));

    /// <summary>The bits of the sixteen elements from the counter's on, in order, 16 each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Bits(ulong counter)
    {
        var x = Vector256.Create(counter) + Vector256.Create(0, Golden, unchecked(2 * Golden), unchecked(3 * Golden));
        x = (x ^ (x >>> 30)) * First;
        x = (x ^ (x >>> 27)) * Second;
        return (x ^ (x >>> 31)).AsUInt16();
    }
}
