using System.Runtime.CompilerServices;
using SeqMnistSweep.Training.Networks;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>No vectors: for CPUs without a fused multiply-add, where <see cref="ExactMath.MultiplyAdd"/> makes one of plain operations. Slow, and the same bits.</summary>
[InlineArray(Rows.Lanes)]
internal unsafe struct PlainLanes : ILanes<PlainLanes>
{
    private float _first;

    public static int Positions => 4;

    public static int Blocks => 1;

    public static int Channels => 4;

    public static PlainLanes operator +(PlainLanes a, PlainLanes b)
    {
        for (var i = 0; i < Rows.Lanes; i++)
        {
            a[i] += b[i];
        }

        return a;
    }

    public static PlainLanes operator *(PlainLanes a, PlainLanes b)
    {
        for (var i = 0; i < Rows.Lanes; i++)
        {
            a[i] *= b[i];
        }

        return a;
    }

    public static PlainLanes Load(float* from) => *(PlainLanes*)from;

    public static PlainLanes All(float value)
    {
        PlainLanes all = default;
        ((Span<float>)all).Fill(value);
        return all;
    }

    public static PlainLanes MultiplyAdd(PlainLanes a, PlainLanes b, PlainLanes c)
    {
        for (var i = 0; i < Rows.Lanes; i++)
        {
            c[i] = ExactMath.MultiplyAdd(a[i], b[i], c[i]);
        }

        return c;
    }

    public static PlainLanes Relu(PlainLanes value)
    {
        for (var i = 0; i < Rows.Lanes; i++)
        {
            value[i] = value[i] < 0 ? 0 : value[i];
        }

        return value;
    }

    public static PlainLanes WherePositive(PlainLanes test, PlainLanes value)
    {
        for (var i = 0; i < Rows.Lanes; i++)
        {
            value[i] = test[i] > 0 ? value[i] : 0;
        }

        return value;
    }

    public static PlainLanes ToBFloat16(PlainLanes value)
    {
        for (var i = 0; i < Rows.Lanes; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(value[i]);
            value[i] = float.IsNaN(value[i]) ? value[i] : BitConverter.UInt32BitsToSingle(unchecked(bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
        }

        return value;
    }

    public static PlainLanes Mask(ulong counter, ushort threshold, float scale)
    {
        PlainLanes mask = default;
        for (var i = 0; i < Rows.Lanes; i++)
        {
            mask[i] = (ushort)(DropoutMask.Number(counter, i / 4) >> (16 * (i % 4))) >= threshold ? scale : 0;
        }

        return mask;
    }

    public readonly void Store(float* to) => *(PlainLanes*)to = this;
}
