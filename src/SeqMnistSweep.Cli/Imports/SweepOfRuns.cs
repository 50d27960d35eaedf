using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>The runs of a file as a sweep: its space, and all that was reported.</summary>
/// <param name="Source">A sweep file of the space.</param>
/// <param name="Every">Of so many points of a curve one is kept.</param>
internal sealed record SweepOfRuns(string Source, string FileName, ImmutableArray<ImportedTrial> Trials, int Every)
{
    /// <param name="known">The sweep that it is an export of; null for that of another tool.</param>
    /// <exception cref="CommandError">It does not make a sweep.</exception>
    public static SweepOfRuns Of(
        ForeignFile file, string metric, string? goal, IReadOnlyCollection<string> named, SweepDefinition? known)
    {
        var runs = file.Runs(metric, known, named);
        var maximize = ForeignResults.Maximize(file, metric, goal, known);
        if (runs.Count == 0) throw new CommandError(ExitCodes.NotFound, $"there is no run in {file.Name}");

        var about = $"imported from {file.Name}";
        var name = file.Study?.Name ?? Path.GetFileNameWithoutExtension(file.Name);
        var source = ForeignSpace.Source(name, about, runs, file.Study, metric, maximize);
        var parsed = SweepFile.Parse(source, $"{file.Name}.yaml");
        return parsed.Definition is not null
            ? new SweepOfRuns(source, file.Name, FinishedSweep.Thin(FinishedSweep.Trials(runs, metric, maximize), out var every), every)
            : throw new CommandError(
                ExitCodes.InvalidSweepFile, $"{file.Name} makes no valid sweep: "
                    + parsed.Diagnostics.First(finding => finding.Severity == Severity.Error).Message,
                "--parameters A,B names the columns that are parameters");
    }
}
