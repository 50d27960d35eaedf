namespace SeqMnistSweep.Training.Kernels;

/// <summary>How wide the vectors are that train on the CPU. Results do not depend on it, speed does.</summary>
/// <param name="Name"><c>avx512</c>, <c>avx2</c>, <c>vector128</c> (ARM64's AdvSimd; SSE2), or <c>plain</c>, one number after the
/// other.</param>
/// <param name="Bits">Of one vector; 32 is a single number.</param>
public sealed record KernelWidth(string Name, int Bits)
{
    internal static readonly KernelWidth Avx512 = new("avx512", 512);
    internal static readonly KernelWidth Avx2 = new("avx2", 256);
    internal static readonly KernelWidth Vector128 = new("vector128", 128);
    internal static readonly KernelWidth Plain = new("plain", 32);

    /// <summary>Those that this CPU has, the widest first: that one trains.</summary>
    public static IReadOnlyList<KernelWidth> Available => [.. LaneKernels.Available.Select(kernels => kernels.Width)];

    /// <summary><c>avx512, 512 bits</c>, as a trial's facts say it.</summary>
    public override string ToString() => $"{Name}, {Bits} bits";
}
