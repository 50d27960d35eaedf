using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Configurations out of a study of Optuna.</summary>
/// <param name="Maximize">The study's direction.</param>
internal sealed record StudyPoints(ImportedPoints Points, bool Maximize)
{
    private const string Complete = "COMPLETE";

    /// <summary>The study that is meant.</summary>
    /// <param name="name">As <c>--study</c> says; null where the file has one.</param>
    /// <exception cref="CommandError">There is none of that name, several and none is named, or it has several objectives.</exception>
    public static OptunaStudy Choose(IReadOnlyList<OptunaStudy> studies, string? name)
    {
        var names = string.Join(", ", studies.Select(study => study.Name));
        var study = studies switch
        {
            [] => throw new CommandError(ExitCodes.NotFound, "there is no study in it"),
            [var only] when name is null => only,
            _ when name is null => throw new CommandError(
                ExitCodes.Usage, $"it has {studies.Count} studies: {names}", $"name one of them: --study {studies[0].Name}"),
            _ => studies.FirstOrDefault(study => study.Name == name)
                ?? throw new CommandError(ExitCodes.NotFound, $"it has no study '{name}'", $"there are: {names}"),
        };
        return study.Directions.Count == 1
            ? study
            : throw new CommandError(
                ExitCodes.NotAllowed, $"the study {study.Name} has {study.Directions.Count} objectives: none of its trials is the best",
                "a study with one objective can be imported");
    }

    /// <param name="space">Says what the values are; null where it is not known.</param>
    public static StudyPoints Of(OptunaStudy study, SearchSpace? space)
    {
        var points = new ImportedPoints();
        foreach (var trial in study.Trials)
        {
            var point = FlatParameters.Nest(new ParameterSet(trial.Parameters.Select(item => KeyValuePair.Create(
                item.Key, ValueText.Settle(space, item.Key, item.Value, item.Value.ToString())))), space);
            if (trial.State == Complete)
            {
                points.Add(point, trial.Values.TryGetValue(0, out var value) ? value : null);
            }
            else
            {
                points.LeaveOut(point, trial.State);
            }
        }

        return new StudyPoints(points, study.Directions[0]);
    }
}
