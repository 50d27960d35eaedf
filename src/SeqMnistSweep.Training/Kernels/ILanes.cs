namespace SeqMnistSweep.Training.Kernels;

/// <summary>Sixteen floats that are computed together, whatever the CPU's registers hold: one of 512 bits, two of 256, four of 128, or
/// plain numbers. Every operation gives each float the same bits in every implementation, NaN payloads aside; the README's contract says
/// which.</summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Positions that the registers hold the sums of, times <see cref="Blocks"/>.</summary>
    static abstract int Positions { get; }

    /// <summary>Blocks of 16 output channels that are summed at once: 1 or 2.</summary>
    static abstract int Blocks { get; }

    /// <summary>Input channels whose weight gradients the registers hold the sums of, times <see cref="Blocks"/>.</summary>
    static abstract int Channels { get; }

    static abstract TSelf Load(float* from);

    static abstract TSelf All(float value);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>0 where a value is below 0, else the value: NaN and -0 stay.</summary>
    static abstract TSelf Relu(TSelf value);

    /// <summary>The value where <paramref name="test"/> is above 0, else 0.</summary>
    static abstract TSelf WherePositive(TSelf test, TSelf value);

    /// <summary>The nearest bfloat16, the even one of two; NaN stays NaN.</summary>
    static abstract TSelf ToBFloat16(TSelf value);

    /// <summary>A dropout mask's sixteen elements from <paramref name="counter"/> on (see <see cref="Networks.DropoutMask"/>):
    /// <paramref name="scale"/> or 0.</summary>
    /// <param name="threshold">Elements are kept when their 16 bits are at least this.</param>
    static abstract TSelf Mask(ulong counter, ushort threshold, float scale);

    void Store(float* to);
}
