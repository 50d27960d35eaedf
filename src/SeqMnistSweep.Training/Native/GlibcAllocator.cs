using System.Runtime.InteropServices;

namespace SeqMnistSweep.Training.Native;

/// <summary>Tells glibc to keep freed memory instead of giving it back after every step and taking fresh, zeroed pages in the next: the
/// same as MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_ and MALLOC_TOP_PAD_, which would have to be set before the program
/// starts.</summary>
internal static partial class GlibcAllocator
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    public static void KeepFreedMemory()
    {
        try
        {
            // glibc refuses a threshold above 32 MiB (HEAP_MAX_SIZE / 2).
            _ = MallOpt(MmapThreshold, 32 << 20);
            _ = MallOpt(TrimThreshold, int.MaxValue);
            _ = MallOpt(TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no mallopt, and another allocator has its own ways.
        }
    }

    /// <summary>Gives the free pages back after all, between two trials: the heap that many sizes of tensors leave behind is full of holes,
    /// and a warm runner would grow by some 50 MB a trial.</summary>
    public static void ReturnFreedMemory()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // As above; and other systems have no libc of that name.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallOpt(int parameter, int value);
}
