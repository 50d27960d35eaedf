namespace SeqMnistSweep.Worker.Runners;

/// <summary>What the kernel says of processes' memory, and what it does when there is none left.</summary>
internal static class KernelMemory
{
    /// <summary>Has the kernel kill this process before its worker, when it must kill one and can be asked to.</summary>
    public static void OfferToKill(int process)
    {
        try
        {
            File.WriteAllText($"/proc/{process}/oom_score_adj", "500");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Bytes of a process that are in memory; 0 where the kernel does not say.</summary>
    public static long Resident(int process) => NumberIn($"/proc/{process}/status", "VmRSS:") * 1024;

    /// <summary>Processes that this machine's kernel has killed for memory since it booted; 0 where it does not say.</summary>
    /// <remarks>Tells the kernel's killer from a person's <c>kill -9</c>.</remarks>
    public static long OomKills() => NumberIn("/proc/vmstat", "oom_kill ");

    private static long NumberIn(string file, string name)
    {
        try
        {
            return File.ReadLines(file).Where(line => line.StartsWith(name, StringComparison.Ordinal))
                .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
                .FirstOrDefault();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }
}
