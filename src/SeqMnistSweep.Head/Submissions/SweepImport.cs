namespace SeqMnistSweep.Head.Submissions;

/// <summary>Stores a sweep that was run elsewhere as one that has ended: all of it or nothing.</summary>
public static class SweepImport
{
    private const string Elsewhere = "elsewhere";

    /// <exception cref="SweepRefusedException">The request is not taken as it stands, or its file is no valid sweep file.</exception>
    /// <exception cref="Results.DatabaseException">It cannot be stored.</exception>
    public static async Task<ImportReply> WriteAsync(HeadStore store, ImportRequest request, TimeProvider time)
    {
        if (request.Problem() is { } problem) throw new SweepRefusedException(problem);

        var definition = SweepSubmission.Parse(request.Source, request.FileName, $"{request.FileName} makes no valid sweep file");
        var now = time.GetUtcNow();
        var sweep = SweepOf(SweepSubmission.NewId(store.Reader, definition.Name), definition, request, now);
        List<SweepChange> changes =
        [
            new SweepChange.SweepAdded(sweep),
            new SweepChange.EventAdded(new SweepEvent(
                new Occurrence.SweepSubmitted(sweep.State), sweep.Reason!, Actor.Of(request.By, request.SaidBy), now)),
        ];
        for (var number = 1; number <= request.Trials.Length; number++)
        {
            Add(changes, request.Trials[number - 1], number, now);
        }

        await store.Writer.WriteAsync(sweep.Id, changes);
        return new ImportReply(sweep.Id, sweep.State, request.Trials.Length, changes.OfType<SweepChange.ReportAdded>().Count());
    }

    private static SweepRecord SweepOf(SweepId id, SweepDefinition definition, ImportRequest request, DateTimeOffset now)
    {
        var isCompleted = request.Trials.Any(trial => trial.State == TrialState.Completed);
        var started = request.Trials.Min(trial => trial.Started) is { } first && first < now ? first : now;
        return new SweepRecord
        {
            Id = id,
            Name = definition.Name,
            State = isCompleted ? SweepState.Completed : SweepState.Failed,
            Cause = isCompleted ? SweepCause.Finished : SweepCause.NoTrialCompleted,
            Reason = $"imported from {request.FileName}",
            Method = definition.Method,
            Metric = definition.Metric.Name,
            Maximize = definition.Metric.Maximize,
            Metrics = definition.Metrics.Length > 1 ? definition.Metrics : [],
            Source = request.Source,
            Digest = definition.Digest,
            Planned = request.Trials.Length,
            Cursor = request.Trials.Length,
            SlotSeconds = request.Trials.Sum(Seconds),
            Created = started,
            Started = started,
            Finished = request.Trials.Max(trial => trial.Finished) is { } last && last >= started ? last : started,
        };
    }

    /// <summary>Each is a configuration of its own: elsewhere every run is ranked by itself.</summary>
    private static void Add(List<SweepChange> changes, ImportedTrial trial, int number, DateTimeOffset now)
    {
        var started = trial.Started ?? now;
        var finished = trial.Finished is { } end && end >= started ? end : started;
        var last = trial.Reports.IsEmpty ? 0 : trial.Reports[^1].Epoch;
        changes.Add(new SweepChange.TrialAdded(new TrialRecord
        {
            Number = number,
            Configuration = number,
            Parameters = trial.Parameters,
            Seed = trial.Parameters[TrainableDescription.Seed] is { Kind: ParameterKind.Integer } seed ? seed.AsInteger() : 0,
            Origin = trial.Name is null ? "imported" : $"imported: {trial.Name}",
            State = trial.State,
            StateCause = CauseOf(trial.State),
            Cause = trial.State == TrialState.Failed ? trial.Cause ?? FailureCause.Crashed : null,
            Message = trial.Message,
            Failures = trial.State == TrialState.Failed ? 1 : 0,
            Lease = 1,
            Attempts = 1,
            Epoch = last,
            FurthestEpoch = last,
            Value = trial.Value,
            ValueEpoch = trial.Value is null ? null : trial.ValueEpoch,
            Worker = Elsewhere,
            Incarnation = Elsewhere,
            Created = started,
            Granted = started,
            Started = started,
            AttemptStarted = started,
            Finished = finished,
            RunSeconds = Seconds(trial),
        }));
        changes.AddRange(trial.Reports.Select(report => new SweepChange.ReportAdded(number, 1, 1, report, finished)));
        changes.AddRange(trial.Steps.Select(step => new SweepChange.StepAdded(number, 1, 1, step.Step, step.Metrics, finished)));
    }

    private static double Seconds(ImportedTrial trial) =>
        trial is { Started: { } started, Finished: { } finished } && finished > started ? (finished - started).TotalSeconds : 0;

    private static TransitionCause CauseOf(TrialState state) => state switch
    {
        TrialState.Completed => TransitionCause.Finished,
        TrialState.Pruned => TransitionCause.Pruned,
        TrialState.Failed => TransitionCause.Failed,
        _ => TransitionCause.Cancelled,
    };
}
