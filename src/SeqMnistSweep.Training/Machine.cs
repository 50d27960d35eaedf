using System.Reflection;

namespace SeqMnistSweep.Training;

/// <summary>What a trial's results may depend on besides its configuration.</summary>
internal static class Machine
{
    /// <summary>Version and, after a plus sign, commit of this program as the build wrote them.</summary>
    public static string ProgramVersion { get; } =
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The most memory this process has had at once, in bytes; null where the system does not say.</summary>
    public static long? PeakMemory()
    {
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? null
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
