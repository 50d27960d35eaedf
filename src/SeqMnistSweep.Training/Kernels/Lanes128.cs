using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>Registers of 4 floats. ARM64 has 32 of them and a fused multiply-add: 6 positions x 16 channels leave eight for weights and
/// inputs. An x86 processor of before 2013 has 16 and none, so one is made of operations in double: slow, and the same bits.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) : ILanes<Lanes128>
{
    private readonly Vector128<float> _a = a;
    private readonly Vector128<float> _b = b;
    private readonly Vector128<float> _c = c;
    private readonly Vector128<float> _d = d;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Positions => AdvSimd.IsSupported ? 6 : 2;

    public static int Blocks => 1;

    public static int Channels => AdvSimd.IsSupported ? 6 : 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 x, Lanes128 y) => new(x._a + y._a, x._b + y._b, x._c + y._c, x._d + y._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 x, Lanes128 y) => new(x._a * y._a, x._b * y._b, x._c * y._c, x._d * y._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* from)
        => new(Vector128.Load(from), Vector128.Load(from + 4), Vector128.Load(from + 8), Vector128.Load(from + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 All(float value)
    {
        var all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 x, Lanes128 y, Lanes128 z) => new(
        MultiplyAdd(x._a, y._a, z._a), MultiplyAdd(x._b, y._b, z._b), MultiplyAdd(x._c, y._c, z._c), MultiplyAdd(x._d, y._d, z._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Relu(Lanes128 value) => new(Relu(value._a), Relu(value._b), Relu(value._c), Relu(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WherePositive(Lanes128 test, Lanes128 value) => new(
        WherePositive(test._a, value._a), WherePositive(test._b, value._b), WherePositive(test._c, value._c),
        WherePositive(test._d, value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ToBFloat16(Lanes128 value)
        => new(ToBFloat16(value._a), ToBFloat16(value._b), ToBFloat16(value._c), ToBFloat16(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Mask(ulong counter, ushort threshold, float scale)
    {
        var kept = Vector256.GreaterThanOrEqual(DropoutMask.Bits(counter), Vector256.Create(threshold)).AsInt16();
        var (low, high) = (kept.GetLower(), kept.GetUpper());
        var all = Vector128.Create(scale).AsInt32();
        return new(
            (Vector128.WidenLower(low) & all).AsSingle(), (Vector128.WidenUpper(low) & all).AsSingle(),
            (Vector128.WidenLower(high) & all).AsSingle(), (Vector128.WidenUpper(high) & all).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        _a.Store(to);
        _b.Store(to + 4);
        _c.Store(to + 8);
        _d.Store(to + 12);
    }

    /// <summary>As <see cref="FusedMultiplyAdd.Plain"/>, four at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> PlainMultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.Narrow(
        OddMultiplyAdd(Vector128.WidenLower(a), Vector128.WidenLower(b), Vector128.WidenLower(c)),
        OddMultiplyAdd(Vector128.WidenUpper(a), Vector128.WidenUpper(b), Vector128.WidenUpper(c)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        AdvSimd.IsSupported || Fma.IsSupported ? Vector128.FusedMultiplyAdd(a, b, c) : PlainMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> OddMultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c)
    {
        var product = a * b;
        var sum = product + c;
        var back = sum - product;
        var lost = (product - (sum - back)) + (c - back);

        // 1 towards the exact value where something of a finite sum was lost and its last bit is 0.
        var bits = sum.AsInt64();
        var wrong = ~Vector128.Equals(lost, Vector128<double>.Zero).AsInt64() & Vector128.Equals(lost, lost).AsInt64() & ~bits
            & Vector128<long>.One;
        var away = (lost.AsInt64() ^ bits) >>> 63;
        return (bits + wrong - ((wrong & away) << 1)).AsDouble();
    }

    /// <summary>Not FMAX, which would make +0 of -0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Relu(Vector128<float> value)
        => Vector128.AndNot(value, Vector128.LessThan(value, Vector128<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> WherePositive(Vector128<float> test, Vector128<float> value)
        => Vector128.GreaterThan(test, Vector128<float>.Zero) & value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ToBFloat16(Vector128<float> value)
    {
        var bits = value.AsUInt32();
        var nearest = (bits + Vector128.Create(0x7FFFu) + ((bits >>> 16) & Vector128<uint>.One)) & Vector128.Create(0xFFFF0000u);
        return Vector128.ConditionalSelect(Vector128.Equals(value, value), nearest.AsSingle(), value);
    }
}
