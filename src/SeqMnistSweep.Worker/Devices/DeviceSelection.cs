using System.Text.RegularExpressions;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>A GPU of this machine.</summary>
/// <param name="Index">N of <c>cuda:N</c>: its place in <c>nvidia-smi -L</c>, or in CUDA_VISIBLE_DEVICES where that is set.</param>
public sealed record Gpu(int Index, string Name, string Uuid);

/// <summary>The device that a worker trains on.</summary>
/// <param name="Name"><c>cpu</c>, <c>cuda:N</c>, or <c>cuda:N,M,...</c>.</param>
/// <param name="Gpus">None on a CPU.</param>
public sealed partial record DeviceSelection(string Name, ImmutableArray<Gpu> Gpus)
{
    /// <summary>Null on a CPU.</summary>
    public Gpu? Gpu => Gpus.FirstOrDefault();

    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, several as <c>cuda:N,M,...</c>, or <c>auto</c>: the first GPU that libtorch can use,
    /// else the CPU.</summary>
    /// <param name="gpus">The GPUs that this process may use.</param>
    /// <param name="libtorchHasCuda">Whether the libtorch that the runner will load was built for CUDA, or none will be loaded.</param>
    /// <param name="count">How many <c>auto</c> and <c>cuda</c> take, as far as there are so many.</param>
    /// <exception cref="ArgumentException">There is no such device here; the message says what there is.</exception>
    public static DeviceSelection Choose(string asked, IReadOnlyList<Gpu> gpus, bool libtorchHasCuda, int count = 1)
    {
        if (asked == "auto" && libtorchHasCuda && gpus.Count > 0) return Of([.. gpus.Take(count)]);

        if (asked is "cpu" or "auto") return new DeviceSelection("cpu", []);

        var match = CudaPattern().Match(asked);
        if (!match.Success) throw new ArgumentException($"'{asked}' is no device; write cpu, cuda, cuda:N, cuda:N,M,... or auto");

        if (!libtorchHasCuda)
        {
            throw new ArgumentException(
                $"'{asked}' needs a libtorch built for CUDA, and the one at hand is for the CPU: "
                    + "build with -p:TorchBackend=cuda, or name one with --libtorch DIR");
        }

        if (!match.Groups[1].Success && gpus.Count > 0) return Of([.. gpus.Take(count)]);

        var indexes = (match.Groups[1].Success ? match.Groups[1].Value : "0").Split(',')
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToList();
        if (indexes.Distinct().Count() < indexes.Count)
        {
            throw new ArgumentException($"'{asked}' names a GPU twice; several trials on one GPU: --slots N");
        }

        var found = indexes.ConvertAll(index => gpus.FirstOrDefault(gpu => gpu.Index == index));
        return found.TrueForAll(gpu => gpu is not null)
            ? Of([.. found.OfType<Gpu>()])
            : throw new ArgumentException(
                $"there is no '{asked}' here: nvidia-smi and {VisibleDevices.Variable} leave "
                    + (gpus.Count == 0 ? "no GPU" : string.Join(", ", gpus.Select(gpu => $"cuda:{gpu.Index} ({gpu.Name})"))));
    }

    /// <summary>The GPUs that <c>nvidia-smi -L</c> prints and CUDA_VISIBLE_DEVICES leaves; none where that fails.</summary>
    public static IReadOnlyList<Gpu> ListGpus() =>
        VisibleDevices.Of(ParseList(NvidiaSmi.Ask("-L") ?? ""), Environment.GetEnvironmentVariable(VisibleDevices.Variable));

    internal static IReadOnlyList<Gpu> ParseList(string listed) =>
    [
        .. ListPattern().Matches(listed).Select(match => new Gpu(
            int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value, match.Groups[3].Value)),
    ];

    private static DeviceSelection Of(ImmutableArray<Gpu> gpus) =>
        new("cuda:" + string.Join(',', gpus.Select(gpu => gpu.Index.ToString(CultureInfo.InvariantCulture))), gpus);

    [GeneratedRegex(@"\Acuda(?::([0-9]{1,3}(?:,[0-9]{1,3})*))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CudaPattern();

    [GeneratedRegex(@"^GPU (\d+): (.+) \(UUID: ([^)]+)\)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ListPattern();
}
