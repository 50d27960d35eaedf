using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>AVX-512: 32 registers of 16 floats.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private readonly Vector512<float> _value = value;

    public static bool IsSupported => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported;

    public static int Positions => 12;

    public static int Blocks => 2;

    public static int Channels => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a._value, b._value, c._value));

    /// <summary>VMAXPS gives its second operand where either is NaN and where both are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Relu(Lanes512 value) => new(Avx512F.Max(Vector512<float>.Zero, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WherePositive(Lanes512 test, Lanes512 value) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(test._value, Vector512<float>.Zero), value._value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ToBFloat16(Lanes512 value)
    {
        var bits = value._value.AsUInt32();
        var nearest = (bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One)) & Vector512.Create(0xFFFF0000u);
        return new(Vector512.ConditionalSelect(Vector512.Equals(value._value, value._value), nearest.AsSingle(), value._value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Mask(ulong counter, ushort threshold, float scale)
    {
        var kept = Vector256.GreaterThanOrEqual(DropoutMask.Bits(counter), Vector256.Create(threshold)).AsInt16();
        return new((Avx512F.ConvertToVector512Int32(kept) & Vector512.Create(scale).AsInt32()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => _value.Store(to);
}
