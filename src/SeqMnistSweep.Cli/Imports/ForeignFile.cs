using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Results of another tool: a study of Optuna, out of a journal or a database, or a table, which Ray's folders become.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Study">Null where it is a table.</param>
/// <param name="Table">Null where it is a study.</param>
internal sealed record ForeignFile(string Name, OptunaStudy? Study, ForeignTable? Table)
{
    /// <summary>The sweep that <c>export</c> wrote it of, if it did.</summary>
    public string? Sweep => Study?.Name ?? Table!.Sweep;

    /// <param name="metric">Of a table the column with the values; of a study what they are called here.</param>
    /// <param name="sweep">Says what the values of parameters are; null where it is not known.</param>
    /// <param name="named">The columns that are parameters; empty leaves it to the table.</param>
    /// <exception cref="CommandError">There is no such column.</exception>
    public IReadOnlyList<ForeignRun> Runs(string metric, SweepDefinition? sweep, IReadOnlyCollection<string>? named = null) =>
        Study is { } study ? StudyRuns.Of(study, metric, sweep?.Space) : TableRuns.Of(Table!, metric, sweep, named).Runs;

    /// <param name="file">A file or folder, or <c>-</c> for standard input.</param>
    /// <param name="study">The study that is meant, of a file with several; null for its only one.</param>
    /// <exception cref="CommandError">There is no such file, or it is none of these.</exception>
    public static ForeignFile Read(CommandContext context, string file, string? study)
    {
        var path = Path.GetFullPath(file, context.Folder);
        if (file != "-" && Directory.Exists(path))
        {
            return study is null
                ? new ForeignFile(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), null, RayFolder.Read(path))
                : throw NoStudy(file);
        }

        if (file != "-" && !File.Exists(path)) throw new CommandError(ExitCodes.NotFound, $"there is no file {file}");

        if (file != "-" && OptunaDatabase.IsSqlite(path)) return OfDatabase(file, path, study);

        return file == "-"
            ? OfText("stdin", context.In.ReadToEnd(), study)
            : OfText(Path.GetFileName(file), File.ReadAllText(path), study);
    }

    /// <exception cref="CommandError">The text is neither a journal nor a table.</exception>
    public static ForeignFile OfText(string name, string text, string? study)
    {
        if (OptunaJournalReader.Is(text)) return new ForeignFile(name, StudyRuns.Choose(OptunaJournalReader.Read(text), study), null);

        return study is null
            ? new ForeignFile(name, null, ForeignTable.Read(text))
            : throw NoStudy(name);
    }

    private static CommandError NoStudy(string name) => new(ExitCodes.Usage, $"{name} is no study of Optuna", "leave out --study");

    private static ForeignFile OfDatabase(string file, string path, string? study)
    {
        try
        {
            return new ForeignFile(Path.GetFileName(file), StudyRuns.Choose(OptunaDatabase.Read(path), study), null);
        }
        catch (FormatException error)
        {
            throw new CommandError(ExitCodes.Usage, $"{file} cannot be read: {error.Message}");
        }
    }
}
