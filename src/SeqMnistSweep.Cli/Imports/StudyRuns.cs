using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Runs out of a study of Optuna.</summary>
internal static class StudyRuns
{
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

    /// <param name="metric">What its values are called here.</param>
    /// <param name="space">Says what the values of parameters are; null where it is not known.</param>
    public static IReadOnlyList<ForeignRun> Of(OptunaStudy study, string metric, SearchSpace? space) =>
    [
        .. study.Trials.Select((trial, number) => new ForeignRun(
            $"{study.Name} {number}", Parameters(trial, space), EndOf(trial.State), trial.State,
            trial.Values.TryGetValue(0, out var value) ? value : null)
        {
            Curve = [.. trial.Curve.Select(point => new CurvePoint(
                point.Key, ImmutableSortedDictionary<string, double>.Empty.Add(metric, point.Value)))],
            Started = trial.Started,
            Finished = trial.Finished,
        }),
    ];

    private static ParameterSet Parameters(OptunaTrial trial, SearchSpace? space) => FlatParameters.Nest(
        new ParameterSet(trial.Parameters.Select(item => KeyValuePair.Create(
            item.Key, ValueText.Settle(space, item.Key, item.Value, item.Value.ToString())))), space);

    private static RunEnd EndOf(string state) => state switch
    {
        "COMPLETE" => RunEnd.Finished,
        "PRUNED" => RunEnd.Pruned,
        "FAIL" => RunEnd.Crashed,
        _ => RunEnd.Stopped,
    };
}
