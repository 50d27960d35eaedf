using System.Globalization;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>What a runner finds in its environment beside its worker's own.</summary>
internal static class RunnerEnvironment
{
    public static void Apply(IDictionary<string, string?> environment, WorkerOptions options, int threads)
    {
        environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);

        // Waiting OpenMP threads that spin make a shared machine several times slower.
        environment["OMP_WAIT_POLICY"] = "PASSIVE";

        if (options.GpuId is { } gpu)
        {
            environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
            environment["CUDA_VISIBLE_DEVICES"] = gpu;
        }
    }
}
