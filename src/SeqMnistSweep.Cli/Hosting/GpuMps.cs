using System.Security.Cryptography;
using System.Text;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>NVIDIA MPS of the GPU that this process holds.</summary>
internal static class GpuMps
{
    private const string Variable = "CUDA_MPS_PIPE_DIRECTORY";

    /// <summary>Starts it for one whole GPU, unless it has one by <c>CUDA_MPS_PIPE_DIRECTORY</c>; cleans up what an earlier worker of this
    /// GPU left in any case.</summary>
    /// <param name="isWanted">Whether several trials may share the GPU, and nobody said <c>--no-mps</c>.</param>
    /// <param name="folder">That workers of this machine share, where no other can be had.</param>
    /// <returns>Null where there is none: trials then take turns on the GPU.</returns>
    public static async Task<MpsDaemon?> StartAsync(
        HeldDevice held, bool isWanted, string folder, CommandContext context)
    {
        // Without the lock the GPU may be another worker's, and so its MPS.
        if (held is not { Lock: not null, Device.Gpus: [{ Whole: null } gpu] }) return null;

        // Homes may be shared between machines, and the path of a socket is short.
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName} {gpu.Uuid}")))[..12];
        var own = Path.Combine(GpuLock.FolderOf(folder, context.Variable), $"mps-{name}");
        if (!isWanted || context.Variable(Variable) is not null)
        {
            await MpsDaemon.RemoveAsync(own, gpu.Uuid, context.Say);
            return null;
        }

        var daemon = await MpsDaemon.StartAsync(own, gpu.Uuid, context.Say, context.Time);
        if (daemon is not null)
        {
            context.Say($"MPS runs for {gpu.Name}: its trials compute at the same time (--no-mps leaves it out)");
        }

        return daemon;
    }
}
