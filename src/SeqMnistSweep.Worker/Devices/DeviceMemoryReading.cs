using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>How much of a device's memory is taken.</summary>
internal static class DeviceMemoryReading
{
    /// <param name="gpus">Their UUIDs, which are taken together; none for the CPU.</param>
    /// <param name="runners">Processes that train beside this one, and what they have started.</param>
    /// <returns>Null where the driver does not say.</returns>
    public static DeviceMemory? Of(IReadOnlyCollection<string> gpus, IEnumerable<int> runners) => gpus.Count == 0
        ? new DeviceMemory(runners.Append(Environment.ProcessId).Sum(KernelMemory.Resident), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        : Nvml.Memory(gpus) ?? Parse(NvidiaSmi.Ask(
            "--query-gpu=memory.used,memory.total", "--format=csv,noheader,nounits", "-i", string.Join(',', gpus)) ?? "");

    /// <param name="answer">Of <c>nvidia-smi</c>, MiB, a line a GPU: <c>1234, 81559</c>.</param>
    internal static DeviceMemory? Parse(string answer)
    {
        var (used, total) = (0L, 0L);
        foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split(',') is not [var first, var second] || !long.TryParse(first, CultureInfo.InvariantCulture, out var usedMiB)
                || !long.TryParse(second, CultureInfo.InvariantCulture, out var totalMiB))
            {
                return null;
            }

            (used, total) = (used + (usedMiB << 20), total + (totalMiB << 20));
        }

        return total > 0 ? new DeviceMemory(used, total) : null;
    }
}
