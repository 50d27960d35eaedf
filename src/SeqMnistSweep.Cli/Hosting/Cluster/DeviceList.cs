using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary><c>--devices</c>: <c>all</c> GPUs, or a list of their numbers; <c>cpu</c> may stand in it.</summary>
internal static class DeviceList
{
    /// <returns>Device names: <c>cuda:0</c>, <c>cpu</c>.</returns>
    /// <exception cref="CommandError">It names no device, one twice, or <c>all</c> of none.</exception>
    public static IReadOnlyList<string> Read(string list, IReadOnlyList<Gpu> gpus)
    {
        if (list == "all")
        {
            return gpus.Count > 0
                ? [.. gpus.Select(gpu => string.Create(CultureInfo.InvariantCulture, $"cuda:{gpu.Index}"))]
                : throw new CommandError(
                    ExitCodes.NotFound, "--devices all: nvidia-smi lists no GPU on this machine",
                    "without a GPU: seqsweep worker --device cpu");
        }

        var devices = list.Split(',').Select(part => part.Trim() switch
        {
            "cpu" => "cpu",
            var number when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => string.Create(
                CultureInfo.InvariantCulture, $"cuda:{index}"),
            var other => throw new CommandError(ExitCodes.Usage, $"--devices takes all, or numbers of GPUs such as 0,1, not '{other}'"),
        }).ToList();
        return devices.Distinct().Count() == devices.Count
            ? devices
            : throw new CommandError(ExitCodes.Usage, $"--devices {list} names a device twice", "several trials on one device: --slots N");
    }
}
