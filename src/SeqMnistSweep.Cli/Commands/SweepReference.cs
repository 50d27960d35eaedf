namespace SeqMnistSweep.Cli.Commands;

/// <summary>What a person writes for a sweep: its id, the beginning of it, <c>@last</c>, or nothing for the newest.</summary>
internal static class SweepReference
{
    /// <summary>Of several that it may mean the newest.</summary>
    /// <exception cref="CommandError">It means no sweep.</exception>
    public static async Task<SweepRow> ResolveAsync(ResultSource results, string? reference, CancellationToken cancellation) =>
        (await FindAsync(results, reference, cancellation))[0];

    /// <summary>The one that it means, for what cannot be taken back.</summary>
    /// <exception cref="CommandError">It means no sweep, or more than one.</exception>
    public static async Task<SweepRow> ResolveOneAsync(ResultSource results, string reference, CancellationToken cancellation) =>
        await FindAsync(results, reference, cancellation) is { Count: > 1 } found
            ? throw new CommandError(
                ExitCodes.NotFound, $"'{reference}' may mean {found.Count} sweeps",
                "name one: " + string.Join(", ", found.Take(5).Select(s => s.Sweep)) + (found.Count > 5 ? ", ..." : ""))
            : (await FindAsync(results, reference, cancellation))[0];

    private static async Task<IReadOnlyList<SweepRow>> FindAsync(ResultSource results, string? reference, CancellationToken cancellation)
    {
        var found = await results.FindSweepsAsync(reference ?? "@last", cancellation);
        return found.Count switch
        {
            > 0 => found,
            _ when reference is null or "@last" => throw new CommandError(
                ExitCodes.NotFound, $"there is no sweep {results.Where} yet",
                results.Head is null ? "start one with: seqsweep run FILE" : "start one with: seqsweep submit FILE"),
            _ => throw new CommandError(
                ExitCodes.NotFound, $"there is no sweep '{reference}' {results.Where}",
                await NearestAsync(results, reference!, cancellation)),
        };
    }

    /// <inheritdoc cref="ResolveAsync"/>
    public static async Task<SweepId> IdAsync(ResultSource results, string? reference, CancellationToken cancellation) =>
        SweepId.Parse((await ResolveAsync(results, reference, cancellation)).Sweep);

    /// <inheritdoc cref="ResolveTrialAsync"/>
    public static async Task<TrialId> TrialIdAsync(ResultSource results, string reference, CancellationToken cancellation) =>
        TrialId.Parse((await ResolveTrialAsync(results, reference, cancellation)).Trial.Trial);

    /// <summary>Of a sweep that is to be changed: asked of the head itself, and of its results only for what to say when that fails.</summary>
    /// <inheritdoc cref="ResolveAsync"/>
    public static async Task<SweepId> IdAsync(HeadSession session, string? reference, CancellationToken cancellation) =>
        await session.FindAsync(reference ?? "@last", cancellation) is { } found
            ? found.Sweep
            : await IdAsync(session.Results, reference, cancellation);

    /// <param name="only">Whether it must mean one sweep alone.</param>
    /// <inheritdoc cref="RequireUnfinished" path="/exception"/>
    public static async Task<FoundSweep> UnfinishedAsync(
        HeadSession session, string reference, bool only, CancellationToken cancellation)
    {
        if (await session.FindAsync(reference, cancellation) is { State: var state } found && !state.IsFinal()) return found;

        var row = only
            ? await ResolveOneAsync(session.Results, reference, cancellation)
            : await ResolveAsync(session.Results, reference, cancellation);
        return new FoundSweep(
            SweepId.Parse(RequireUnfinished(row)), StateNames.Parse<SweepState>(row.State), row.Trials, row.Running);
    }

    /// <inheritdoc cref="ResolveTrialAsync"/>
    public static async Task<TrialId> TrialIdAsync(HeadSession session, string reference, CancellationToken cancellation)
    {
        var slash = reference.LastIndexOf('/');
        return slash > 0 && await session.FindAsync(reference[..slash], cancellation) is { } found
            && TrialId.TryParse($"{found.Sweep}{reference[slash..]}", out var trial) && trial.Number <= found.Trials
                ? trial
                : await TrialIdAsync(session.Results, reference, cancellation);
    }

    /// <returns>Its id.</returns>
    /// <exception cref="CommandError">The sweep has ended.</exception>
    public static string RequireUnfinished(SweepRow sweep) => StateNames.Parse<SweepState>(sweep.State).IsFinal()
        ? throw new CommandError(
            ExitCodes.NotAllowed, $"{sweep.Sweep} has ended already: it is {sweep.State}",
            "more of it: seqsweep edit, or submit its file again")
        : sweep.Sweep;

    /// <summary>A trial as a person writes it: a sweep as above, a slash, and the trial's number.</summary>
    /// <exception cref="CommandError">There is no such sweep or trial.</exception>
    public static async Task<(SweepRow Sweep, TrialRow Trial)> ResolveTrialAsync(
        ResultSource results, string reference, CancellationToken cancellation)
    {
        var slash = reference.LastIndexOf('/');
        if (slash < 0)
        {
            throw new CommandError(ExitCodes.Usage, $"'{reference}' is no trial", "a trial is written SWEEP/17");
        }

        var sweep = await ResolveAsync(results, reference[..slash], cancellation);
        var number = reference[(slash + 1)..];
        var trial = TrialId.TryParse($"{sweep.Sweep}/{number}", out var id) ? await results.TrialAsync(id, cancellation) : null;
        return trial is null
            ? throw new CommandError(
                ExitCodes.NotFound, $"{sweep.Sweep} has no trial '{number}'",
                sweep.Trials == 1
                    ? $"it has one trial: seqsweep show {sweep.Sweep}"
                    : $"it has {sweep.Trials} trials: seqsweep show {sweep.Sweep}")
            : (sweep, trial);
    }

    private static async Task<string> NearestAsync(ResultSource results, string reference, CancellationToken cancellation)
    {
        var sweeps = await results.SweepsAsync(cancellation);
        var nearest = NearestName.Of(reference, sweeps.Select(s => s.Sweep).Prepend("@last"))
            ?? (NearestName.Of(reference, sweeps.Select(s => s.Name)) is { } name ? sweeps.First(s => s.Name == name).Sweep : null);
        return nearest is null ? "all of them: seqsweep list" : $"did you mean '{nearest}'?";
    }
}
