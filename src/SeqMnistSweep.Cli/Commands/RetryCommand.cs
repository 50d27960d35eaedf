namespace SeqMnistSweep.Cli.Commands;

internal sealed class RetryCommand : Verb
{
    private static readonly string Causes = string.Join(", ", Enum.GetValues<FailureCause>().Select(cause => cause.ToName()));

    private readonly Argument<string[]> _ids = Positional<string[]>("ids", "SWEEP|TRIAL...",
        "a sweep, for all its failed trials, or trials such as tcn-7f3k/17", ArgumentArity.OneOrMore);
    private readonly Option<string?> _cause = Value<string?>("--cause", "CAUSE", $"only those that failed so: {Causes}");

    public RetryCommand(CommonOptions options)
        : base("retry", "run failed trials again, from their checkpoints", "Sweeps",
            ("seqsweep retry tcn-7f3k", "every failed trial; a sweep that ended goes on"),
            ("seqsweep retry tcn-7f3k --cause out_of_memory", "those that failed so"),
            ("seqsweep retry tcn-7f3k/4 tcn-7f3k/9", "these two"))
    {
        this.Takes(_ids, options.Database, options.Head, _cause, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            var cause = Cause(parsed.GetValue(_cause));
            await using var session = await options.OpenControlAsync(parsed, stop);
            foreach (var (sweep, trials) in await GroupAsync(session, parsed.GetValue(_ids)!, stop))
            {
                var request = new RetryRequest(options.Action(parsed)) { Trials = trials, Cause = cause };
                var count = await session.SweepAsync(sweep, grain => grain.Retry(request), stop);
                options.Tell(
                    parsed,
                    new JsonObject { ["sweep"] = sweep.Value, ["retried"] = count },
                    $"{sweep}: {Plural.Of(count, "trial")} to be tried again; {options.Next(parsed, session, sweep)}");
            }
        });
    }

    /// <summary>The trials by sweep, all looked up before anything is asked for; none for a sweep that is named whole.</summary>
    private static async Task<IReadOnlyList<(SweepId Sweep, ImmutableArray<int> Trials)>> GroupAsync(
        HeadSession session, IEnumerable<string> references, CancellationToken stop)
    {
        var found = new List<(SweepId Sweep, int? Trial)>();
        foreach (var reference in references)
        {
            if (reference.Contains('/', StringComparison.Ordinal))
            {
                var trial = await SweepReference.TrialIdAsync(session, reference, stop);
                found.Add((trial.Sweep, trial.Number));
            }
            else
            {
                found.Add((await SweepReference.IdAsync(session, reference, stop), null));
            }
        }

        return
        [
            .. found.GroupBy(item => item.Sweep).Select(group => (
                group.Key,
                group.Any(item => item.Trial is null)
                    ? ImmutableArray<int>.Empty
                    : [.. group.Select(item => item.Trial!.Value).Distinct()])),
        ];
    }

    private static FailureCause? Cause(string? name)
    {
        try
        {
            return name is null ? null : StateNames.Parse<FailureCause>(name);
        }
        catch (FormatException)
        {
            throw new CommandError(ExitCodes.Usage, $"--cause '{name}' is no cause of a failure", $"one of: {Causes}");
        }
    }
}
