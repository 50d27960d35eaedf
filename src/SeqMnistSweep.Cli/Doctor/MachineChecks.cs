using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Worker.Devices;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Cli.Doctor;

/// <summary>What of this machine training needs.</summary>
internal static class MachineChecks
{
    private const int FewFiles = 4096;

    /// <summary>A child process tries the GPUs, as before a worker takes trials.</summary>
    public static async Task<Finding> DeviceAsync(string? libtorch, CancellationToken cancellation)
    {
        var gpus = DeviceSelection.ListGpus();
        if (gpus.Count == 0)
        {
            return Finding.Ok("device", $"cpu, {Plural.Of(Environment.ProcessorCount, "core")}, {KernelWidth.Available[0]}; no GPU");
        }

        if (await DeviceCheck.ProblemAsync(RunnerCommandLine.For(libtorch), [.. gpus.Select(gpu => gpu.Uuid)], cancellation) is { } problem)
        {
            return Finding.Fail("device", $"{gpus[0].Name}: {problem}", "nvidia-smi, and the driver's log: dmesg | grep -i nvrm");
        }

        return LibtorchFiles.HaveCuda(libtorch)
            ? Device(gpus, GpuReader.ReadOnce([.. gpus.Select(gpu => gpu.Uuid)]))
            : Finding.Warn(
                "device", $"{gpus[0].Name} is here, but this libtorch is for the CPU",
                "name one for CUDA: --libtorch auto or DIR, or build with -p:TorchBackend=cuda");
    }

    /// <summary>GPUs that pass their test.</summary>
    /// <param name="readings">What the driver says of them; may lack some.</param>
    public static Finding Device(IReadOnlyList<Gpu> gpus, IReadOnlyList<GpuReading> readings)
    {
        var found = gpus.Select(gpu => (Name: $"cuda:{gpu.Index} {gpu.Name}", Reading: readings.FirstOrDefault(one => one.Gpu == gpu.Uuid)))
            .ToList();
        var ailing = found.SelectMany(gpu => Ailments(gpu.Reading).Select(ailment => $"{gpu.Name}: {ailment}")).ToList();
        return ailing.Count == 0
            ? Finding.Ok("device", string.Join(", ", found.Select(gpu =>
                gpu.Reading?.Utilization is { } busy ? $"{gpu.Name}, {busy} % busy" : gpu.Name)))
            : Finding.Warn(
                "device", string.Join("; ", ailing),
                "nvidia-smi -q -d ECC,ROW_REMAPPER says more; when nothing runs there, as root: nvidia-smi --gpu-reset");
    }

    private static IEnumerable<string> Ailments(GpuReading? reading)
    {
        if (reading?.EccErrors is > 0 and var errors)
        {
            yield return $"{Plural.Of(errors, "memory error")} that ECC did not correct, since the driver was loaded";
        }

        if (reading is { NeedsReset: true })
        {
            yield return "memory that failed is put out of use only when the GPU is reset";
        }
    }

    /// <summary>A child process loads it, as for training on a GPU; the CPU does without.</summary>
    public static async Task<Finding> LibtorchAsync(string? libtorch, CancellationToken cancellation)
    {
        try
        {
            await LibtorchFiles.CheckAsync(libtorch, cancellation);
            return Finding.Ok("libtorch", "loads");
        }
        catch (CommandError error)
        {
            return libtorch is null && DeviceSelection.ListGpus().Count == 0
                ? Finding.Ok("libtorch", "does not load, and only a GPU would need it")
                : Finding.Fail(
                    "libtorch", error.Message.ReplaceLineEndings(" "), "name one that fits: --libtorch DIR (or SEQSWEEP_LIBTORCH)");
        }
    }

    /// <summary>Cores that this process may use, against those that there are.</summary>
    public static Finding Threads()
    {
        var all = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal))
            : Environment.ProcessorCount;
        var free = Environment.ProcessorCount;
        return free < all
            ? Finding.Warn(
                "threads", $"{free} of {all} cores may be used: affinity or a control group keeps the others",
                $"give a worker --slots {free} at most, or widen: taskset -cp 0-{all - 1} PID")
            : Finding.Ok("threads", $"{Plural.Of(free, "core")}, all usable");
    }

    /// <summary>A matter of workers that run programs of users; nothing else needs it.</summary>
    public static Finding SandboxOfPrograms() => Sandbox.Problem() is { } problem
        ? Finding.Ok("sandbox", $"none for programs of users: {problem}")
        : Finding.Ok("sandbox", "bwrap works: seqsweep worker --sandbox bwrap");

    public static IEnumerable<Finding> Data(string? dataFolder)
    {
        var store = new DatasetStore(dataFolder);
        foreach (var dataset in DatasetCatalog.All)
        {
            yield return Data(store, dataset);
        }
    }

    /// <param name="limits">The text of <c>/proc/self/limits</c>.</param>
    public static Finding OpenFiles(string limits)
    {
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return soft switch
        {
            null => Finding.Ok("files", "no limit is known here"),
            "unlimited" => Finding.Ok("files", "any number may be open"),
            _ when long.Parse(soft, CultureInfo.InvariantCulture) is >= FewFiles => Finding.Ok("files", $"{soft} may be open at once"),
            _ => Finding.Warn("files", $"only {soft} may be open at once: a head with many workers needs more", $"ulimit -n {FewFiles}"),
        };
    }

    public static Finding Terminal(ConsoleProfile profile, string? term) => profile switch
    {
        { IsTerminal: false } => Finding.Ok("terminal", "none: plain lines, tabs, no colour"),
        _ when term == "dumb" => Finding.Warn("terminal", "TERM=dumb: the live view is plain lines", "export TERM=xterm-256color"),
        { Unicode: false } => Finding.Warn(
            "terminal", $"{profile.Width} columns; the locale is not UTF-8, so bars are drawn in ASCII", "export LANG=C.UTF-8"),
        _ => Finding.Ok(
            "terminal",
            $"{profile.Width} columns, {(profile.Colour ? "colour" : "no colour")}, {(profile.Animation ? "live view" : "plain lines")}"),
    };

    private static Finding Data(DatasetStore store, DatasetDefinition dataset)
    {
        try
        {
            return store.Locate(dataset.Name) switch
            {
                { } place => Finding.Ok("data", $"{dataset.Name} in {place.Folder}"),
                null when dataset.IsDrawn => Finding.Ok("data", $"{dataset.Name} is drawn when a sweep asks for it"),
                null => Finding.Warn(
                    "data", $"{dataset.Name} is not on this machine: a run fetches it, a head does not",
                    $"seqsweep data fetch {dataset.Name}"),
            };
        }
        catch (DatasetException error)
        {
            return Finding.Fail("data", error.Message, "correct --data or SEQSWEEP_DATA");
        }
    }
}
