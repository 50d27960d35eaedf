using System.Runtime.InteropServices;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>Floats outside of the garbage collector's heap, zero at first, on the boundaries of cache lines so that no vector straddles two.</summary>
internal sealed unsafe class AlignedMemory : IDisposable
{
    private nint _address;

    public AlignedMemory(long count)
    {
        Count = count;
        _address = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(count, 1) * sizeof(float), 64);
        NativeMemory.Clear((void*)_address, (nuint)count * sizeof(float));
        GC.AddMemoryPressure(Math.Max(count, 1) * sizeof(float));
    }

    ~AlignedMemory() => Free();

    public long Count { get; }

    public nint Address => _address;

    public float* Pointer => (float*)_address;

    public Span<float> Span => new(Pointer, checked((int)Count));

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
            GC.RemoveMemoryPressure(Math.Max(Count, 1) * sizeof(float));
            _address = 0;
        }
    }
}
