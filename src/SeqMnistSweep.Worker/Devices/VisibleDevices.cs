namespace SeqMnistSweep.Worker.Devices;

/// <summary>CUDA_VISIBLE_DEVICES: which GPUs this process was given, by a batch system or by its user. <c>nvidia-smi</c> lists the others
/// too. The rule is CUDA's (CUDA C++ Programming Guide, environment variables), with numbers in the order of <c>nvidia-smi</c>.</summary>
internal static class VisibleDevices
{
    public const string Variable = "CUDA_VISIBLE_DEVICES";

    /// <summary>The named GPUs in the order in which they are named, numbered from 0 as CUDA numbers them. The first name of no GPU ends
    /// the list (-1, <c>NoDevFiles</c>), and one GPU named twice empties it.</summary>
    /// <param name="gpus">All that <c>nvidia-smi</c> lists.</param>
    /// <param name="variable">Comma-separated numbers, or UUIDs or beginnings of UUIDs that only one GPU has. Null when it is not set,
    /// which leaves all; empty leaves none.</param>
    public static IReadOnlyList<Gpu> Of(IReadOnlyList<Gpu> gpus, string? variable)
    {
        if (variable is null) return gpus;

        var named = variable.Split(',').Select(name => Find(gpus, name.Trim())).TakeWhile(gpu => gpu is not null).Select(gpu => gpu!)
            .ToList();
        if (named.Distinct().Count() < named.Count) return [];

        return [.. DeviceSelection.Together(named).Select((gpu, i) => gpu with { Index = i })];
    }

    private static Gpu? Find(IReadOnlyList<Gpu> gpus, string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            // A number is that of a whole GPU; of one that is divided CUDA takes the first slice.
            var wholes = gpus.Select(gpu => gpu.Whole ?? gpu).DistinctBy(gpu => gpu.Uuid).ToList();
            return gpus.FirstOrDefault(gpu => index < wholes.Count && (gpu.Whole ?? gpu).Uuid == wholes[index].Uuid);
        }

        if (name.StartsWith("MIG-", StringComparison.Ordinal)) return gpus.FirstOrDefault(gpu => gpu.Uuid == name);

        var matches = name.StartsWith("GPU-", StringComparison.Ordinal)
            ? gpus.Where(gpu => (gpu.Whole ?? gpu).Uuid.StartsWith(name, StringComparison.Ordinal)).DistinctBy(gpu => gpu.Whole ?? gpu)
                .ToList()
            : [];
        return matches is [var only] ? only : null;
    }
}
