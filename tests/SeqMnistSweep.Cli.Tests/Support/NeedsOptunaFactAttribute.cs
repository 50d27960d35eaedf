namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>A test against Debian's python3-optuna; skipped, with its name, where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsOptunaFactAttribute : FactAttribute
{
    public NeedsOptunaFactAttribute() => Skip = Missing;

    /// <summary>Null where it is installed.</summary>
    public static string? Missing => File.Exists("/usr/bin/python3") && Directory.Exists("/usr/lib/python3/dist-packages/optuna")
        ? null
        : "needs python3-optuna (apt-get install python3-optuna)";
}

/// <summary>As <see cref="NeedsOptunaFactAttribute"/>, for several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsOptunaTheoryAttribute : TheoryAttribute
{
    public NeedsOptunaTheoryAttribute() => Skip = NeedsOptunaFactAttribute.Missing;
}
