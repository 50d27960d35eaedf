namespace SeqMnistSweep.Worker.Devices;

/// <summary>The driver's own program.</summary>
internal static class NvidiaSmi
{
    /// <summary>Of a GPU that fell off the bus it never answers.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <returns>What it prints; null where there is no such program, or it fails or does not answer.</returns>
    public static string? Ask(params string[] arguments) => ProgramAnswer.Of("nvidia-smi", Limit, arguments);
}
