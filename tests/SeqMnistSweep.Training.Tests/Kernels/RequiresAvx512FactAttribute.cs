using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Training.Tests.Kernels;

/// <summary>Skipped where the processor has no AVX-512, and trials use libtorch's operators.</summary>
public sealed class RequiresAvx512FactAttribute : FactAttribute
{
    public RequiresAvx512FactAttribute() => Skip = FusedNetwork.IsSupported ? null : "no AVX-512 here";
}

public sealed class RequiresAvx512TheoryAttribute : TheoryAttribute
{
    public RequiresAvx512TheoryAttribute() => Skip = FusedNetwork.IsSupported ? null : "no AVX-512 here";
}
