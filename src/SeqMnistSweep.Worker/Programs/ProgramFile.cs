namespace SeqMnistSweep.Worker.Programs;

/// <summary>The file that a user's program is, where its command shows that it is one.</summary>
public static class ProgramFile
{
    private const string Binary = "\u007fELF";
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Whether the file is started as it is where no <c>command</c> is given: it may be executed and says itself by what. Python's
    /// own are left to the interpreter, as W&amp;B Sweeps do.</summary>
    public static bool RunsItself(string path) =>
        !path.EndsWith(".py", StringComparison.Ordinal) && File.Exists(path) && MayBeExecuted(path) && SaysByWhat(FirstLine(path));

    /// <summary>Whether the file is a text that says by what it is run.</summary>
    internal static bool IsScript(string path)
    {
        try
        {
            return FirstLine(path) is ['#', '!', ..];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // it may be executed only
        }
    }

    /// <summary>What is wrong with the program on this machine, and the fix; null when nothing is, or where its command hides which file it
    /// is.</summary>
    /// <param name="folder">In which programs are started.</param>
    /// <param name="sweepFile">That names it.</param>
    public static (string Problem, string Fix)? Problem(string program, ImmutableArray<string> command, string folder, string sweepFile)
    {
        var before = command.IsDefaultOrEmpty ? ["${interpreter}"] : command.TakeWhile(word => word != "${program}").ToList();
        if (before.Count == command.Length || before.Exists(word => word is not ("${env}" or "${interpreter}"))) return null;

        var path = Path.GetFullPath(program, folder);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            return before.Contains("${interpreter}") || !IsOnPath(program)
                ? ($"there is no {program} in {folder}", WhereItMayBe(program, folder, sweepFile))
                : null;
        }

        return before.Contains("${interpreter}") && !RunsItself(path) && File.Exists(path) && FirstLine(path) is ['#', '!', .. var by]
            && !by.Contains("python", StringComparison.Ordinal)
            ? ($"{program} is a script for {by.Trim()} that may not be executed", $"chmod +x {program}   (or write a command: in the file)")
            : null;
    }

    private static string WhereItMayBe(string program, string folder, string sweepFile)
    {
        var beside = Path.GetRelativePath(folder, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(sweepFile, folder))!, program));
        if (File.Exists(Path.GetFullPath(beside, folder)))
        {
            return $"{beside} lies beside the file: run in {Path.GetDirectoryName(beside)}, or write program: {beside}";
        }

        var there = Path.GetDirectoryName(Path.GetFullPath(program, folder))!;
        var names = Directory.Exists(there) ? Directory.EnumerateFiles(there).Select(file => Path.GetFileName(file)!) : [];
        return NearestName.Of(Path.GetFileName(program), names) is { } nearest
            ? $"did you mean {Path.Combine(Path.GetDirectoryName(program) ?? "", nearest)}?"
            : "a program is looked for in the folder in which run is started";
    }

    private static bool IsOnPath(string program) => !program.Contains('/', StringComparison.Ordinal)
        && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static bool SaysByWhat(string firstLine) => firstLine is ['#', '!', ..] or Binary;

    private static bool MayBeExecuted(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Executable) != 0;

    /// <summary>At most 100 characters of it, and of a program of the machine its four magic ones.</summary>
    private static string FirstLine(string path)
    {
        Span<byte> start = stackalloc byte[100];
        using var file = File.OpenRead(path);
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start.StartsWith("\u007fELF"u8) ? Binary : System.Text.Encoding.UTF8.GetString(start).Split('\n')[0];
    }
}
