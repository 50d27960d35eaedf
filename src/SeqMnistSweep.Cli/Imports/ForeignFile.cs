using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>A file of another tool: a study of Optuna, out of a journal or a database, or a table.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Study">Null where it is a table.</param>
/// <param name="Table">Null where it is a study.</param>
internal sealed record ForeignFile(string Name, OptunaStudy? Study, ForeignTable? Table)
{
    /// <summary>The sweep that <c>export</c> wrote it of, if it did.</summary>
    public string? Sweep => Study?.Name ?? Table!.Sweep;

    /// <param name="file">A path, or <c>-</c> for standard input.</param>
    /// <param name="study">The study that is meant, of a file with several; null for its only one.</param>
    /// <exception cref="CommandError">There is no such file, or it is none of these.</exception>
    public static ForeignFile Read(CommandContext context, string file, string? study)
    {
        var path = Path.GetFullPath(file, context.Folder);
        if (file != "-" && !File.Exists(path)) throw new CommandError(ExitCodes.NotFound, $"there is no file {file}");

        if (file != "-" && OptunaDatabase.IsSqlite(path)) return OfDatabase(file, path, study);

        return file == "-"
            ? OfText("stdin", context.In.ReadToEnd(), study)
            : OfText(Path.GetFileName(file), File.ReadAllText(path), study);
    }

    /// <exception cref="CommandError">The text is neither a journal nor a table.</exception>
    public static ForeignFile OfText(string name, string text, string? study)
    {
        if (OptunaJournalReader.Is(text)) return new ForeignFile(name, StudyPoints.Choose(OptunaJournalReader.Read(text), study), null);

        return study is null
            ? new ForeignFile(name, null, ForeignTable.Read(text))
            : throw new CommandError(ExitCodes.Usage, $"{name} is no study of Optuna", "leave out --study");
    }

    private static ForeignFile OfDatabase(string file, string path, string? study)
    {
        try
        {
            return new ForeignFile(Path.GetFileName(file), StudyPoints.Choose(OptunaDatabase.Read(path), study), null);
        }
        catch (FormatException error)
        {
            throw new CommandError(ExitCodes.Usage, $"{file} cannot be read: {error.Message}");
        }
    }
}
