using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Outside;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>The runs of a file as a sweep: its space, and all that was reported.</summary>
/// <param name="Source">A sweep file of the space.</param>
/// <param name="Every">Of so many points of a curve one is kept.</param>
/// <param name="Renamed">Parameters that a sweep file cannot call as they are called there.</param>
internal sealed record SweepOfRuns(
    string Source, string FileName, ImmutableArray<ImportedTrial> Trials, int Every, IReadOnlyList<(string Theirs, string Ours)> Renamed)
{
    /// <param name="known">The sweep that it is an export of; null for that of another tool.</param>
    /// <exception cref="CommandError">It does not make a sweep.</exception>
    public static SweepOfRuns Of(
        ForeignFile file, string metric, string? goal, IReadOnlyCollection<string> named, SweepDefinition? known)
    {
        var runs = file.Runs(metric, known, named);
        var maximize = ForeignResults.Maximize(file, metric, goal, known);
        if (runs.Count == 0) throw new CommandError(ExitCodes.NotFound, $"there is no run in {file.Name}");

        var names = new PlainNames(runs.SelectMany(run => run.Parameters).Select(parameter => parameter.Key));
        runs =
        [
            .. runs.Select(run => run with
            {
                Parameters = new ParameterSet(run.Parameters.Select(item => KeyValuePair.Create(names[item.Key], item.Value))),
            }),
        ];
        var shown = OutsideText.OnOneLine(file.Name);
        var about = $"imported from {shown}";
        var name = file.Study?.Name ?? Path.GetFileNameWithoutExtension(file.Name);
        var source = ForeignSpace.Source(name, about, runs, Distributions(file, names), metric, maximize);
        var parsed = SweepFile.Parse(source, $"{file.Name}.yaml");
        return parsed.Definition is not null
            ? new SweepOfRuns(source, shown, FinishedSweep.Thin(FinishedSweep.Trials(runs, metric, maximize), out var every), every,
                [.. names.Changed])
            : throw new CommandError(
                ExitCodes.InvalidSweepFile, $"{file.Name} makes no valid sweep: "
                    + parsed.Diagnostics.First(finding => finding.Severity == Severity.Error).Message,
                "--parameters A,B names the columns that are parameters");
    }

    /// <summary>Those that a study had of each parameter, the last one last.</summary>
    private static ILookup<string, string>? Distributions(ForeignFile file, PlainNames names) =>
        file.Study?.Trials.SelectMany(trial => trial.Distributions).ToLookup(item => names[item.Key], item => item.Value);
}
