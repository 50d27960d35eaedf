namespace SeqMnistSweep.Training.Native;

/// <summary>libtorch throws one kind of exception for everything; whether memory ran out is in the words only.</summary>
internal static class AllocationFailure
{
    private static readonly string[] Words =
    [
        "can't allocate memory", "not enough memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUSOLVER_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_ALLOC_FAILED", "DEVICE_ALLOCATION_FAILED",
    ];

    /// <summary>The allocators' own words: CUDA's "out of memory", the CPU's "can't allocate memory" and "not enough memory", and the
    /// codes of cuBLAS and cuDNN, which say it otherwise.</summary>
    public static bool Is(string message) =>
        message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || Words.Any(words => message.Contains(words, StringComparison.Ordinal));
}
