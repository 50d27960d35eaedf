using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker;

/// <summary>Which programs of users a worker runs. A sweep file names the program and the command, so whoever may submit one chooses
/// them.</summary>
public sealed record ProgramPolicy
{
    /// <summary>What may stand before the program in a command where only files of a folder are run: it starts the file and nothing
    /// else.</summary>
    private static readonly ImmutableArray<string> Starters =
        ["${env}", "/usr/bin/env", "env", "${interpreter}", "python", "python3", "-u"];

    private ProgramPolicy()
    {
    }

    /// <summary>No program of a user; only what is built in.</summary>
    public static ProgramPolicy None { get; } = new();

    /// <summary>Any command that a sweep file has.</summary>
    public static ProgramPolicy Any { get; } = new() { AllowsAll = true };

    /// <summary>Whether some programs of users are run.</summary>
    public bool AllowsSome => AllowsAll || Folder is not null;

    /// <summary>The folder whose files are run, without links; null where it is not a matter of a folder.</summary>
    public string? Folder { get; private init; }

    private bool AllowsAll { get; init; }

    /// <summary>Only files below a folder that no other account may change.</summary>
    /// <exception cref="ArgumentException">There is no such folder, or another account may change it; the message says what and the
    /// cure.</exception>
    public static ProgramPolicy Below(string folder)
    {
        if (FileGuard.RealPath(folder) is not { } real || !Directory.Exists(real))
        {
            throw new ArgumentException($"there is no folder {folder}");
        }

        return Weakness(real, real) is { } weakness ? throw new ArgumentException(weakness) : new ProgramPolicy { Folder = real };
    }

    /// <summary>Why the program is not run; null when it is.</summary>
    /// <param name="command">Of the sweep file; empty for the usual one.</param>
    /// <param name="start">The folder in which programs are started.</param>
    public string? Refusal(string program, ImmutableArray<string> command, string start)
    {
        if (AllowsAll) return null;

        return Folder is { } folder
            ? RefusalOf(command, folder) ?? RefusalOf(program, start, folder)
            : "it runs no programs of users; start it with --programs DIR for the files of a folder, or --programs any";
    }

    /// <summary>How the program is named in its command.</summary>
    /// <remarks>Of a folder by its full name: one that began with a hyphen would be an option of the interpreter.</remarks>
    public string NameOf(string program, string start) =>
        Folder is null ? program : FileGuard.RealPath(Path.Combine(start, program)) ?? Path.GetFullPath(program, start);

    private static string? RefusalOf(ImmutableArray<string> command, string folder)
    {
        if (command.IsDefaultOrEmpty) return null;

        var before = command.TakeWhile(word => word != "${program}").ToList();
        return before.Find(word => !Starters.Contains(word)) is { } other
            ? $"it runs only files below {folder}, and '{other}' of the command may start something else; before ${{program}} may stand "
                + string.Join(", ", Starters)
            : before.Count == command.Length ? $"it runs only files below {folder}, and the command names no ${{program}}" : null;
    }

    private static string? RefusalOf(string program, string start, string folder)
    {
        if (FileGuard.RealPath(Path.Combine(start, program)) is not { } real || !File.Exists(real))
        {
            return $"there is no {program} in {start}";
        }

        return real.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal)
            ? Weakness(real, folder)
            : $"it runs only files below {folder}, and that one is {real}";
    }

    private static string? Weakness(string realPath, string folder) => FileGuard.WeakPlace(realPath, folder) is { } weak
        ? $"another account may change {weak}: chmod go-w {weak}, and let it belong to the account of the worker"
        : null;
}
