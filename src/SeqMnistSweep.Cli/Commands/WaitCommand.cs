namespace SeqMnistSweep.Cli.Commands;

internal sealed class WaitCommand : Verb
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(400);

    private readonly Argument<string?> _sweep = Reference.SweepOrNewest();
    private readonly Option<string> _for = Value("--for", "WHAT", "done, running, or a bound for the best value: metric>=0.98", "done");
    private readonly Option<string?> _timeout = Value<string?>("--timeout", "TIME", "exit code 8 when it takes longer");

    public WaitCommand(CommonOptions options)
        : base("wait", "block in silence until a sweep has ended", "Sweeps",
            ("seqsweep wait && seqsweep lb", "the newest sweep; exit code 7 if it fails"),
            ("seqsweep wait tcn-7f3k --timeout 2h", "exit code 8 when it takes longer"),
            ("seqsweep wait --for \"metric>=0.98\"", "until the best value is so good"),
            ("seqsweep wait -o json", "then its state and its best, for a script"))
    {
        this.Takes(_sweep, options.Database, options.Head, _for, _timeout);
        SetAction(async (parsed, stop) =>
        {
            var timeout = GivenTime.Of(parsed, _timeout);
            await using var session = await options.OpenHeadAsync(parsed, stop, reads: true);
            var sweep = await SweepReference.ResolveAsync(session.Results, parsed.GetValue(_sweep), stop);
            var goal = Goal(parsed.GetValue(_for)!, sweep);
            var status = await UntilAsync(options, parsed, session, SweepId.Parse(sweep.Sweep), goal, timeout, stop);
            RequireReached(status, goal, parsed.GetValue(_for)!, options.HeadArgument(parsed));
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, ToJson(status));
            }
        });
    }

    /// <returns>A status that reaches the goal, or of a sweep that has ended.</returns>
    private async Task<SweepStatus> UntilAsync(
        CommonOptions options, ParseResult parsed, HeadSession session, SweepId sweep, WaitGoal goal, TimeSpan? timeout,
        CancellationToken stop)
    {
        var context = options.Context;
        using var limit = new CancellationTokenSource(timeout ?? System.Threading.Timeout.InfiniteTimeSpan, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        SweepStatus? status = null;
        try
        {
            var steady = new SteadyStatus(session, sweep, context.Time, context.Say);
            while (true)
            {
                status = await steady.GetAsync(long.MaxValue, either.Token);
                if (status.State.IsFinal() || goal.IsReached(status)) return status;

                await Task.Delay(Every, context.Time, either.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new CommandError(
                ExitCodes.NotFinished,
                $"{sweep} {(status is null ? "could not be asked" : $"is still {status.State.ToName()}")} after "
                    + $"{parsed.GetValue(_timeout)}",
                $"it goes on; follow it with: seqsweep watch {sweep}{options.HeadArgument(parsed)}");
        }
    }

    private static void RequireReached(SweepStatus status, WaitGoal goal, string goalText, string head)
    {
        if (goal.IsReached(status) && (status.State != SweepState.Failed || goal != WaitGoal.Done)) return;

        throw status.State == SweepState.Failed
            ? new CommandError(
                ExitCodes.SweepFailed, $"sweep {status.Sweep} failed: {status.Reason}",
                $"seqsweep show {status.Sweep}{head} tells what happened")
            : new CommandError(
                ExitCodes.NotFinished, $"{status.Sweep} is {status.State.ToName()}, and {goalText} was not reached",
                $"its best: seqsweep leaderboard {status.Sweep}{head}");
    }

    private static JsonObject ToJson(SweepStatus status) => new()
    {
        ["sweep"] = status.Sweep.Value,
        ["state"] = status.State.ToName(),
        ["reason"] = status.Reason,
        ["metric"] = status.Metric,
        ["best"] = status.Best is { } best
            ? new JsonObject
            {
                ["trial"] = new TrialId(status.Sweep, best.Number).ToString(),
                ["value"] = TableOutput.ToJson(best.Value),
                ["params"] = JsonNode.Parse(best.Parameters.ToJson()),
            }
            : null,
    };

    private static WaitGoal Goal(string text, SweepRow sweep)
    {
        try
        {
            return WaitGoal.Parse(text, sweep.Metric);
        }
        catch (FormatException error)
        {
            throw new CommandError(
                ExitCodes.Usage, $"--for: {error.Message}", "done, running, or a bound for the best value such as metric>=0.98");
        }
    }
}
