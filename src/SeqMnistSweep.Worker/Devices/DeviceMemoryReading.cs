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

    /// <summary>The same, and what of each GPU the runners have.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static MemoryReading? WithOwn(IReadOnlyCollection<string> gpus, IReadOnlyCollection<int> runners)
    {
        if (gpus.Count == 0) return Of(gpus, runners) is { } memory ? new MemoryReading(memory, []) : null;

        if (Each(gpus) is not { } each) return null;

        List<long?> own = [.. gpus.Select(gpu => runners.Count == 0 ? 0 : Nvml.Memory([gpu], runners))];

        // Where the driver knows the runners on one GPU, those that it does not know on another are not there.
        var nothing = own.Exists(bytes => bytes is not null) ? (long?)0 : null;
        return new MemoryReading(
            new DeviceMemory(each.Sum(one => one.Used), each.Sum(one => one.Total)),
            [.. each.Zip(own, (one, bytes) => (one, bytes ?? nothing))]);
    }

    /// <summary>Of each GPU in this order; null where the driver does not say it of one.</summary>
    public static IReadOnlyList<DeviceMemory>? Each(IReadOnlyCollection<string> gpus)
    {
        List<DeviceMemory?> each = [.. gpus.Select(gpu => Of([gpu], []))];
        return each.Contains(null) ? null : each.ConvertAll(one => one!);
    }

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

/// <param name="Memory">Of all GPUs together.</param>
/// <param name="Each">Of each, with the bytes that the worker's own processes have of it; null where nobody knows. None on a CPU.</param>
internal sealed record MemoryReading(DeviceMemory Memory, ImmutableArray<(DeviceMemory Memory, long? Own)> Each);
