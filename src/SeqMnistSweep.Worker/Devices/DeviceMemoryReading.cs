using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>How much of a device's memory is taken.</summary>
internal static class DeviceMemoryReading
{
    /// <param name="gpu">Its UUID; null for the CPU.</param>
    /// <param name="runners">Processes that train beside this one, and what they have started.</param>
    /// <returns>Null where the driver does not say.</returns>
    public static DeviceMemory? Of(string? gpu, IEnumerable<int> runners) => gpu is null
        ? new DeviceMemory(runners.Append(Environment.ProcessId).Sum(KernelMemory.Resident), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        : Parse(NvidiaSmi.Ask("--query-gpu=memory.used,memory.total", "--format=csv,noheader,nounits", "-i", gpu) ?? "");

    /// <param name="answer">Of <c>nvidia-smi</c>, MiB: <c>1234, 81559</c>.</param>
    internal static DeviceMemory? Parse(string answer) =>
        answer.Trim().Split(',') is [var used, var total]
        && long.TryParse(used, CultureInfo.InvariantCulture, out var usedMiB)
        && long.TryParse(total, CultureInfo.InvariantCulture, out var totalMiB)
            ? new DeviceMemory(usedMiB << 20, totalMiB << 20)
            : null;
}
