namespace SeqMnistSweep.Cli.Hosting.Runs;

/// <summary>A sweep of which a <c>run</c> would find nothing to do: known from the database, before anything starts.</summary>
internal sealed record FinishedRun(SweepStatus Status)
{
    /// <returns>Null where there is something to do, or no database to tell it from.</returns>
    /// <inheritdoc cref="RunTarget.Find" path="/exception"/>
    public static FinishedRun? Find(RunOptions options, SweepDefinition definition)
    {
        if (!File.Exists(options.Database)) return null;

        try
        {
            var reader = new ResultReader(options.Database);
            return RunTarget.Find(reader, options, definition, _ => { }) is { Extends: false } target
                && reader.Sweep(target.Sweep) is { } sweep && StateNames.Parse<SweepState>(sweep.State).IsFinal()
                && !(options.Retry && sweep.Failed > 0)
                    ? new FinishedRun(StatusOf(sweep, reader))
                    : null;
        }
        catch (Results.DatabaseException)
        {
            return null; // Of an earlier schema, or broken: who opens it to write says which.
        }
    }

    public void Say(CommandContext context, string database)
    {
        var failed = Status.Counts.GetValueOrDefault(TrialState.Failed);
        var retry = failed > 0 ? $"--retry runs its {Plural.Of(failed, "failed trial")} again; " : "";
        context.Say(
            $"{Status.Sweep} has ended already ({Status.State.ToName()}); {retry}--new starts another sweep of this file; "
                + $"see it: seqsweep open{context.DatabaseArgument(database)}");
    }

    private static SweepStatus StatusOf(SweepRow sweep, ResultReader reader) => new()
    {
        Sweep = SweepId.Parse(sweep.Sweep),
        State = StateNames.Parse<SweepState>(sweep.State),
        Reason = sweep.Reason,
        Metric = sweep.Metric,
        Planned = sweep.Planned,
        Started = TimeOf(sweep.Started),
        Finished = TimeOf(sweep.Finished),
        RanSeconds = reader.RanSeconds(SweepId.Parse(sweep.Sweep), DateTimeOffset.UnixEpoch),
        Counts = new Dictionary<TrialState, long>
        {
            [TrialState.Completed] = sweep.Completed, [TrialState.Pruned] = sweep.Pruned, [TrialState.Failed] = sweep.Failed,
            [TrialState.Cancelled] = sweep.Cancelled,
        }.Where(count => count.Value > 0).ToImmutableSortedDictionary(count => count.Key, count => (int)count.Value),
    };

    private static DateTimeOffset? TimeOf(string? time) => time is null ? null : Results.Timestamp.Parse(time);
}
