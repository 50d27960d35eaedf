using System.Globalization;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>Tells the kernel's out-of-memory killer from a person's <c>kill -9</c>.</summary>
internal static class KernelMemory
{
    /// <summary>Processes that this machine's kernel has killed for memory since it booted; 0 where it does not say.</summary>
    public static long OomKills()
    {
        try
        {
            return File.ReadLines("/proc/vmstat")
                .Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
                .Select(line => long.Parse(line.AsSpan("oom_kill ".Length), CultureInfo.InvariantCulture))
                .FirstOrDefault();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }
}
