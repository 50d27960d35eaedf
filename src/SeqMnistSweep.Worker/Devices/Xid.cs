namespace SeqMnistSweep.Worker.Devices;

/// <summary>The error codes of NVIDIA's driver (Xid), and which of them are faults of the GPU itself, after which its trials are not to
/// blame: those for which NVIDIA's catalog has the GPU or the machine reset at once, and those of memory errors that ECC does not correct
/// (docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html, for A100 and newer). Left out are those of links between GPUs, which
/// another GPU may cause, and 109, a timeout that NVIDIA's Kubernetes plugin takes for a program's.</summary>
internal static class Xid
{
    private static readonly ImmutableDictionary<long, string> Faults = new Dictionary<long, string>
    {
        [46] = "the GPU stopped processing",
        [48] = "a double bit ECC error",
        [62] = "a micro-controller of the GPU halted",
        [64] = "memory that failed cannot be remapped",
        [79] = "the GPU has fallen off the bus",
        [94] = "a memory error, contained to its program",
        [95] = "a memory error that is not contained",
        [110] = "a security fault",
        [119] = "the GPU's firmware (GSP) does not answer",
        [120] = "an error of the GPU's firmware (GSP)",
        [140] = "an ECC error that is not recovered",
        [143] = "the GPU does not initialize",
        [156] = "a part of the GPU is retired",
        [158] = "a fatal timeout of the GPU",
        [171] = "an error of DRAM that ECC does not correct",
        [172] = "an error of SRAM that ECC does not correct",
    }.ToImmutableDictionary();

    /// <summary>The fault in words, with its number; null for a code that is no fault of the GPU's, such as 13 and 31, which are errors of
    /// programs as a rule, and 63, memory remapped in time.</summary>
    public static string? FaultOf(long code) => Faults.GetValueOrDefault(code) is { } words
        ? string.Create(CultureInfo.InvariantCulture, $"Xid {code}, {words}") : null;
}
