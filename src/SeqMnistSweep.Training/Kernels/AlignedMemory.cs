using System.Runtime.InteropServices;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>Floats outside of the garbage collector's heap, zero at first, on the boundaries of cache lines so that no vector straddles
/// two. The last line is whole.</summary>
internal sealed unsafe class AlignedMemory : IDisposable
{
    private nint _address;

    public AlignedMemory(long count)
    {
        Count = count;
        _address = (nint)NativeMemory.AlignedAlloc((nuint)Bytes, 64);
        NativeMemory.Clear((void*)_address, (nuint)Bytes);
        GC.AddMemoryPressure(Bytes);
    }

    ~AlignedMemory() => Free();

    public long Count { get; }

    public nint Address => _address;

    public float* Pointer => (float*)_address;

    public Span<float> Span => new(Pointer, checked((int)Count));

    /// <summary>With the rest of the last line: vectors of 16 floats and fewer fit in whole.</summary>
    public Span<float> Padded => new(Pointer, checked((int)(Bytes / sizeof(float))));

    private long Bytes => Math.Max(1, (Count + Rows.Lanes - 1) / Rows.Lanes) * Rows.Lanes * sizeof(float);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_address != 0)
        {
            NativeMemory.AlignedFree((void*)_address);
            GC.RemoveMemoryPressure(Bytes);
            _address = 0;
        }
    }
}
