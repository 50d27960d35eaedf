using System.Text.RegularExpressions;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>A GPU of this machine, or a slice of one that is divided (MIG): the slices are there instead of the whole.</summary>
/// <param name="Index">N of <c>cuda:N</c>: its place in <c>nvidia-smi -L</c>, or in CUDA_VISIBLE_DEVICES where that is set.</param>
public sealed record Gpu(int Index, string Name, string Uuid)
{
    /// <summary>The whole that a slice belongs to; null for a whole one.</summary>
    public Gpu? Whole { get; init; }

    /// <summary>The driver's version, such as 570.124.06; null where it does not say.</summary>
    public string? Driver { get; init; }

    /// <summary>Its CUDA compute capability, such as 9.0; null where the driver does not say.</summary>
    public string? Capability { get; init; }
}

/// <summary>The device that a worker trains on.</summary>
/// <param name="Name"><c>cpu</c>, <c>cuda:N</c>, or <c>cuda:N,M,...</c>.</param>
/// <param name="Gpus">None on a CPU.</param>
public sealed partial record DeviceSelection(string Name, ImmutableArray<Gpu> Gpus)
{
    /// <summary>Null on a CPU.</summary>
    public Gpu? Gpu => Gpus.FirstOrDefault();

    /// <summary>What explains a run on it later: name, UUID, driver and compute capability, of several GPUs in their order. Empty on a
    /// CPU.</summary>
    public ImmutableSortedDictionary<string, string> Facts
    {
        get
        {
            (string Name, IEnumerable<string?> Values)[] facts =
            [
                ("gpu", Gpus.Select(gpu => gpu.Name).Distinct()), ("gpu_uuid", Gpus.Select(gpu => gpu.Uuid)),
                ("gpu_driver", Gpus.Select(gpu => gpu.Driver).Distinct()),
                ("gpu_capability", Gpus.Select(gpu => gpu.Capability).Distinct()),
            ];
            return facts.Select(fact => (fact.Name, Value: string.Join(", ", fact.Values.OfType<string>())))
                .Where(fact => fact.Value.Length > 0)
                .ToImmutableSortedDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);
        }
    }

    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, several as <c>cuda:N,M,...</c>, or <c>auto</c>: the first GPU that libtorch can use,
    /// else the CPU.</summary>
    /// <param name="gpus">The GPUs that this process may use.</param>
    /// <param name="libtorchHasCuda">Whether the libtorch that the runner will load was built for CUDA, or none will be loaded.</param>
    /// <param name="count">How many <c>auto</c> and <c>cuda</c> take, as far as there are so many.</param>
    /// <exception cref="ArgumentException">There is no such device here; the message says what there is.</exception>
    public static DeviceSelection Choose(string asked, IReadOnlyList<Gpu> gpus, bool libtorchHasCuda, int count = 1)
    {
        if (asked == "auto" && libtorchHasCuda && gpus.Count > 0) return First(gpus, count);

        if (asked is "cpu" or "auto") return new DeviceSelection("cpu", []);

        var match = CudaPattern().Match(asked);
        if (!match.Success) throw new ArgumentException($"'{asked}' is no device; write cpu, cuda, cuda:N, cuda:N,M,... or auto");

        if (!libtorchHasCuda)
        {
            throw new ArgumentException(
                $"'{asked}' needs a libtorch built for CUDA, and the one at hand is for the CPU: "
                    + "build with -p:TorchBackend=cuda, or name one with --libtorch auto or DIR");
        }

        if (!match.Groups[1].Success && gpus.Count > 0) return First(gpus, count);

        var indexes = (match.Groups[1].Success ? match.Groups[1].Value : "0").Split(',')
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        if (indexes.Distinct().Count() < indexes.Count)
        {
            throw new ArgumentException($"'{asked}' names a GPU twice; several trials on one GPU: --slots N");
        }

        var found = indexes.ConvertAll(index => gpus.FirstOrDefault(gpu => gpu.Index == index));
        if (found.Count > 1 && found.Exists(gpu => gpu?.Whole is not null))
        {
            throw new ArgumentException($"'{asked}' names a slice of a GPU (MIG), and CUDA shows a process one slice at most");
        }

        return found.TrueForAll(gpu => gpu is not null)
            ? Of([.. found.OfType<Gpu>()])
            : throw new ArgumentException(
                $"there is no '{asked}' here: nvidia-smi and {VisibleDevices.Variable} leave "
                    + (gpus.Count == 0 ? "no GPU" : string.Join(", ", gpus.Select(gpu => $"cuda:{gpu.Index} ({gpu.Name})"))));
    }

    /// <summary>The GPUs that the driver lists and CUDA_VISIBLE_DEVICES leaves; none where it does not answer.</summary>
    public static IReadOnlyList<Gpu> ListGpus()
    {
        var asked = Task.Run(Nvml.List);
        var listed = asked.Wait(NvidiaSmi.Limit) ? asked.Result ?? ParseList(NvidiaSmi.Ask("-L") ?? "") : [];
        return VisibleDevices.Of(listed, Environment.GetEnvironmentVariable(VisibleDevices.Variable));
    }

    internal static IReadOnlyList<Gpu> ParseList(string listed)
    {
        var gpus = new List<Gpu>();
        Gpu? whole = null;
        foreach (Match line in ListPattern().Matches(listed))
        {
            var (name, uuid) = (line.Groups[3].Value + line.Groups[4].Value, line.Groups[5].Value);
            if (line.Groups[1].Success)
            {
                whole = new Gpu(int.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture), name, uuid);
                gpus.Add(whole);
            }
            else if (whole is not null)
            {
                gpus.Remove(whole);
                gpus.Add(new Gpu(0, $"{whole.Name} {name}", uuid) { Whole = whole });
            }
        }

        return [.. gpus.Select((gpu, place) => gpu with { Index = place })];
    }

    /// <summary>Those of a list that one process can use: CUDA shows it one slice, or whole GPUs.</summary>
    internal static IEnumerable<Gpu> Together(IReadOnlyList<Gpu> gpus) =>
        gpus.TakeWhile((gpu, place) => place == 0 || (gpu.Whole ?? gpus[0].Whole) is null);

    private static DeviceSelection First(IReadOnlyList<Gpu> gpus, int count) => Of([.. Together(gpus).Take(count)]);

    private static DeviceSelection Of(ImmutableArray<Gpu> gpus) =>
        new("cuda:" + string.Join(',', gpus.Select(gpu => gpu.Index.ToString(CultureInfo.InvariantCulture))), gpus);

    [GeneratedRegex(@"\Acuda(?::([0-9]{1,3}(?:,[0-9]{1,3})*))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CudaPattern();

    [GeneratedRegex(
        @"^(?:(GPU) (\d+): (.+)|\s+(MIG .+?)\s+Device\s+\d+:) \(UUID: ([^)]+)\)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ListPattern();
}
