using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>No vectors at all, for where the runtime knows none: one number after the other, and the same bits.</summary>
[InlineArray(Rows.Lanes)]
internal unsafe struct PlainLanes : ILanes<PlainLanes>
{
    private float _first;

    public static int Positions => 1;

    public static int Blocks => 1;

    public static int Channels => 1;

    public static PlainLanes operator +(PlainLanes a, PlainLanes b) => Each(a, b, b, (x, y, _) => x + y);

    public static PlainLanes operator *(PlainLanes a, PlainLanes b) => Each(a, b, b, (x, y, _) => x * y);

    public static PlainLanes Load(float* from) => *(PlainLanes*)from;

    public static PlainLanes All(float value)
    {
        PlainLanes all = default;
        ((Span<float>)all).Fill(value);
        return all;
    }

    public static PlainLanes MultiplyAdd(PlainLanes a, PlainLanes b, PlainLanes c) => Each(a, b, c, FusedMultiplyAdd.Of);

    public static PlainLanes Relu(PlainLanes value) => Each(value, value, value, (x, _, _) => x < 0 ? 0 : x);

    public static PlainLanes WherePositive(PlainLanes test, PlainLanes value) => Each(test, value, value, (x, y, _) => x > 0 ? y : 0);

    public static PlainLanes ToBFloat16(PlainLanes value) => Each(value, value, value, (x, _, _) =>
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? x : BitConverter.UInt32BitsToSingle(unchecked(bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    });

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

    private static PlainLanes Each(in PlainLanes a, in PlainLanes b, in PlainLanes c, Func<float, float, float, float> result)
    {
        PlainLanes results = default;
        for (var i = 0; i < Rows.Lanes; i++)
        {
            results[i] = result(a[i], b[i], c[i]);
        }

        return results;
    }
}
