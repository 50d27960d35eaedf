namespace SeqMnistSweep.Worker.Runners;

/// <summary>What a runner finds in its environment beside its worker's own.</summary>
internal static class RunnerEnvironment
{
    /// <summary>Names the folder of the pipes of NVIDIA MPS.</summary>
    public const string MpsFolder = "CUDA_MPS_PIPE_DIRECTORY";

    /// <param name="gpus">That it sees, of those of its slot.</param>
    public static void Apply(IDictionary<string, string?> environment, WorkerOptions options, int threads, int gpus = 1)
    {
        environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);

        // Waiting OpenMP threads that spin make a shared machine several times slower.
        environment["OMP_WAIT_POLICY"] = "PASSIVE";

        // glibc gives freed memory back and takes fresh, zeroed pages in the next step otherwise. It refuses a threshold above 32 MiB.
        environment["MALLOC_MMAP_THRESHOLD_"] = "33554432";
        environment["MALLOC_TRIM_THRESHOLD_"] = "2147483647";
        environment["MALLOC_TOP_PAD_"] = "67108864";

        if (!options.GpuIds.IsEmpty)
        {
            Show(environment, options.GpuIds.Take(gpus));
        }

        if (options.Mps is { } mps)
        {
            environment[MpsFolder] = mps.Folder;
        }
    }

    /// <summary>Lets a process see these GPUs and no others.</summary>
    public static void Show(IDictionary<string, string?> environment, IEnumerable<string> gpuIds)
    {
        environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
        environment["CUDA_VISIBLE_DEVICES"] = string.Join(',', gpuIds);
    }
}
