namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>A test against Debian's python3-optuna; skipped, with its name, where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsOptunaFactAttribute : FactAttribute
{
    public NeedsOptunaFactAttribute()
    {
        if (!File.Exists("/usr/bin/python3") || !Directory.Exists("/usr/lib/python3/dist-packages/optuna"))
        {
            Skip = "needs python3-optuna (apt-get install python3-optuna)";
        }
    }
}
