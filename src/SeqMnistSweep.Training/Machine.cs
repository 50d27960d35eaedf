using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqMnistSweep.Training;

/// <summary>What a trial's results may depend on besides its configuration.</summary>
internal static class Machine
{
    /// <summary>The widest vectors that libtorch's kernels can use here: <c>avx512</c>, <c>avx2</c>, <c>neon</c> or the architecture.</summary>
    public static string InstructionSet =>
        Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported ? "avx512"
        : Avx2.IsSupported && Fma.IsSupported ? "avx2"
        : AdvSimd.IsSupported ? "neon"
        : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Whether the CPU multiplies bfloat16; elsewhere oneDNN emulates it and is slower than float32.</summary>
    public static bool HasBFloat16 { get; } = CpuFlags().Overlaps(["avx512_bf16", "amx_bf16"]);

    /// <summary>Version and, after a plus sign, commit of this program as the build wrote them.</summary>
    public static string ProgramVersion { get; } =
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The most memory this process has had at once, in bytes; null where the system does not say.</summary>
    public static long? PeakMemory()
    {
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static HashSet<string> CpuFlags()
    {
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith("flags", StringComparison.Ordinal)) ?? "";
            return [.. line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
