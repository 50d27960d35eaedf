namespace SeqMnistSweep.Worker.Runners;

/// <summary>How a runner process ended.</summary>
/// <param name="Code">As the shell has it: 128 + N after signal N.</param>
internal readonly record struct RunnerExit(int Code)
{
    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL", [5] = "SIGTRAP", [6] = "SIGABRT", [7] = "SIGBUS",
        [8] = "SIGFPE", [9] = "SIGKILL", [10] = "SIGUSR1", [11] = "SIGSEGV", [12] = "SIGUSR2", [13] = "SIGPIPE", [14] = "SIGALRM",
        [15] = "SIGTERM", [24] = "SIGXCPU", [25] = "SIGXFSZ", [31] = "SIGSYS",
    };

    /// <summary>Someone else may have ended it, who ends it once. SIGSEGV and the like are the runner's own doing.</summary>
    public bool IsKilled => Code - 128 is 1 or 2 or 9 or 15;

    public override string ToString() =>
        Signals.TryGetValue(Code - 128, out var signal) ? $"ended by {signal}" : $"exited with code {Code}";
}
