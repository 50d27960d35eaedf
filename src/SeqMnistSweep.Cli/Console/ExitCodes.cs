namespace SeqMnistSweep.Cli.Console;

/// <summary>What the program's exit codes mean: a promise to scripts.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>An unexpected error: a bug.</summary>
    public const int Bug = 1;

    /// <summary>Unknown flag, missing or unusable argument.</summary>
    public const int Usage = 2;

    public const int InvalidSweepFile = 3;
    public const int NotAllowed = 4;
    public const int NotFound = 5;
    public const int HeadUnreachable = 6;
    public const int SweepFailed = 7;

    /// <summary>Not finished yet, or not measurable here.</summary>
    public const int NotFinished = 8;

    // 70 is a silo that the others have given up: see FatalErrorExit.

    public const int HungUp = 129;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>The code as a word, for <c>-o json</c>.</summary>
    public static string Name(int code) => code switch
    {
        Bug => "internal",
        Usage => "usage",
        InvalidSweepFile => "invalid_sweep_file",
        NotAllowed => "not_allowed",
        NotFound => "not_found",
        HeadUnreachable => "head_unreachable",
        SweepFailed => "sweep_failed",
        NotFinished => "not_finished",
        HungUp => "hung_up",
        Interrupted => "interrupted",
        Terminated => "terminated",
        _ => "error",
    };
}
