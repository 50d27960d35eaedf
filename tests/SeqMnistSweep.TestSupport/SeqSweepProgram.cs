namespace SeqMnistSweep.TestSupport;

/// <summary>The program itself, beside the tests of a project that refers to it.</summary>
public static class SeqSweepProgram
{
    /// <summary>The executable file.</summary>
    public static string File { get; } = Path.Combine(AppContext.BaseDirectory, "seqsweep");

    /// <summary>Starts the process in which a head answers a query.</summary>
    public static IReadOnlyList<string> Query { get; } = [File, "answer-query"];
}
