using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Files;

/// <summary>The folder of a trial's own files, as it is listed, sent and served: plain files alone, by names that stay below it. Links,
/// pipes and devices are passed over.</summary>
public static class OutputFolder
{
    /// <summary>Files of a trial that a head keeps.</summary>
    public const int MaxFiles = 1000;

    /// <summary>Bytes of a file that a head keeps.</summary>
    public const long LargestFile = 2L << 30;

    /// <summary>Bytes of all files of a trial that a head keeps.</summary>
    public const long MaxBytes = 8L << 30;

    private const int MaxName = 500;
    private const int MaxDepth = 16;

    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>Why no file of a trial can be called so; null where one can. A name has its folders before it: <c>plots/roc.png</c>.</summary>
    public static string? NameProblem(string name) =>
        OutsideText.NameProblem("a file's name", name, MaxName)
            ?? (name.Split('/') is var parts && (parts.Length > MaxDepth || parts.Any(part => part is "" or "." or ".."))
                ? $"'{name}' is no name of a file below the trial's folder"
                : null);

    /// <summary>Why a file is not kept beside others of its trial; null where it is.</summary>
    /// <param name="bytes">Of the file.</param>
    /// <param name="others">How many there are already.</param>
    /// <param name="othersBytes">Theirs together.</param>
    public static string? WhyTooMuch(long bytes, int others, long othersBytes) =>
        bytes > LargestFile ? $"it is larger than {LargestFile >> 20} MiB"
        : othersBytes + bytes > MaxBytes ? $"the files of a trial may have {MaxBytes >> 20} MiB together"
        : others >= MaxFiles ? $"a trial may have {MaxFiles} files"
        : null;

    /// <summary>The plain files of a folder, by name. Empty where there is no such folder.</summary>
    /// <param name="passedOver">Told of a file whose name is none, as it can be shown, and why.</param>
    public static IReadOnlyList<OutputFile> List(string folder, Action<string, string>? passedOver = null)
    {
        var found = new List<OutputFile>();
        var root = new DirectoryInfo(folder);
        foreach (var file in root.Exists ? root.EnumerateFiles("*", Below) : [])
        {
            var name = Path.GetRelativePath(root.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (NameProblem(name) is { } problem)
            {
                passedOver?.Invoke(OutsideText.Name(name), OutsideText.OnOneLine(problem));
            }
            else if (FileStatus.IsPlainFile(file.FullName) && Look(file) is { } plain)
            {
                found.Add(plain with { Name = name });
            }
        }

        found.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return found;
    }

    /// <summary>The path of a plain file; null where there is none of that name, or a link is on the way.</summary>
    public static string? Find(string folder, string name)
    {
        if (NameProblem(name) is not null) return null;

        var path = folder;
        foreach (var part in name.Split('/')[..^1])
        {
            path = Path.Combine(path, part);
            if (new DirectoryInfo(path) is not { Exists: true, LinkTarget: null }) return null;
        }

        path = Path.Combine(folder, name);
        return FileStatus.IsPlainFile(path) ? path : null;
    }

    private static OutputFile? Look(FileInfo file)
    {
        try
        {
            return new OutputFile("", file.Length, file.LastWriteTimeUtc);
        }
        catch (IOException)
        {
            return null; // it has gone meanwhile
        }
    }
}

/// <summary>A file that a trial wrote for somebody to look at.</summary>
/// <param name="Name">Below the trial's folder, with <c>/</c> between folders.</param>
public sealed record OutputFile(string Name, long Bytes, DateTimeOffset Modified);
