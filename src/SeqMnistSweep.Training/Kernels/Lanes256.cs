using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>AVX2 with FMA: 16 registers of 8 floats, so 6 positions x 16 channels leave four for weights and inputs.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256>
{
    private readonly Vector256<float> _low = low;
    private readonly Vector256<float> _high = high;

    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static int Positions => 6;

    public static int Blocks => 1;

    public static int Channels => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._low + b._low, a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._low * b._low, a._high * b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* from) => new(Vector256.Load(from), Vector256.Load(from + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 All(float value)
    {
        var all = Vector256.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Fma.MultiplyAdd(a._low, b._low, c._low), Fma.MultiplyAdd(a._high, b._high, c._high));

    /// <summary>VMAXPS gives its second operand where either is NaN and where both are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Relu(Lanes256 value)
        => new(Avx.Max(Vector256<float>.Zero, value._low), Avx.Max(Vector256<float>.Zero, value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WherePositive(Lanes256 test, Lanes256 value)
        => new(WherePositive(test._low, value._low), WherePositive(test._high, value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ToBFloat16(Lanes256 value) => new(ToBFloat16(value._low), ToBFloat16(value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Mask(ulong counter, ushort threshold, float scale)
    {
        var kept = Vector256.GreaterThanOrEqual(DropoutMask.Bits(counter), Vector256.Create(threshold)).AsInt16();
        var all = Vector256.Create(scale).AsInt32();
        return new((Vector256.WidenLower(kept) & all).AsSingle(), (Vector256.WidenUpper(kept) & all).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        _low.Store(to);
        _high.Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> WherePositive(Vector256<float> test, Vector256<float> value) =>
        Vector256.GreaterThan(test, Vector256<float>.Zero) & value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToBFloat16(Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var nearest = (bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256<uint>.One)) & Vector256.Create(0xFFFF0000u);
        return Vector256.ConditionalSelect(Vector256.Equals(value, value), nearest.AsSingle(), value);
    }
}
