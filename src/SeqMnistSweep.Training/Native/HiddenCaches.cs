using System.Runtime.InteropServices;

namespace SeqMnistSweep.Training.Native;

/// <summary>Keeps libtorch right where a virtual machine says nothing of the processor's caches. There the convolutions that its oneDNN 3.7
/// compiles for AVX2 and AVX-512 lay out their blocks by a cache of no size, and give NaN or wrong numbers (seen on a Zen 5 without
/// /sys/devices/system/cpu/cpu0/cache); those for SSE4.1 are right. Our own kernels do not ask for caches.</summary>
internal static partial class HiddenCaches
{
    private const string Caches = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>To be called before libtorch is loaded: it reads the variable once. Whoever has set it is asked for nothing.</summary>
    public static void Heed()
    {
        if (Directory.Exists(Caches)) return;

        try
        {
            // .NET's own variables do not reach libraries.
            _ = SetVariable("ONEDNN_MAX_CPU_ISA", "SSE41", overwrite: 0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // A system without that libc.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
