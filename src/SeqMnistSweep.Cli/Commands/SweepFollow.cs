using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>Watches a sweep on a head until it ends: <c>watch</c>, and <c>submit --watch</c>. Leaving never stops the sweep.</summary>
internal sealed class SweepFollow(CommonOptions options, ParseResult parsed, HeadSession session)
{
    /// <summary>Events of before that a person sees first.</summary>
    private const int Before = 5;

    /// <param name="source">The sweep's file.</param>
    /// <param name="since">Only events after this number; null lets the view decide.</param>
    /// <param name="failedIsFailure">A failed sweep is exit code 7.</param>
    public async Task<int> UntilEndAsync(SweepId sweep, string source, long? since, bool failedIsFailure, CancellationToken stop)
    {
        var context = options.Context;
        var stream = options.IsJson(parsed);
        var view = stream
            ? new JsonEvents(context.Out, context.Time, context.Say)
            : SweepViews.ForPerson(
                options, parsed, SweepFile.Parse(source, $"{sweep}.yaml").Definition, "Ctrl-C leaves; the sweep goes on");
        var steady = new SteadyStatus(session, sweep, context.Time, view.Say);
        try
        {
            var after = since ?? (stream ? 0 : Math.Max(0, (await steady.GetAsync(long.MaxValue, stop)).LastEvent - Before));
            var watch = new SweepWatch(number => steady.GetAsync(number, stop), context.Time, () => null);
            return Conclude(await watch.UntilEndAsync(view, after, stop), failedIsFailure);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            context.Say($"{sweep} goes on without you; to come back: seqsweep watch {sweep}{options.HeadArgument(parsed)}");
            throw;
        }
    }

    private int Conclude(SweepStatus status, bool failedIsFailure)
    {
        if (!status.State.IsFinal()) throw new OperationCanceledException();

        var context = options.Context;
        context.Say($"{SweepText.Headline(status, context.Time.GetUtcNow())}: {status.Reason}");
        if (status.State == SweepState.Failed)
        {
            var hint = $"seqsweep show {status.Sweep}{options.HeadArgument(parsed)} tells what happened";
            return failedIsFailure
                ? throw new CommandError(ExitCodes.SweepFailed, $"sweep {status.Sweep} failed: {status.Reason}", hint)
                : Say(hint);
        }

        return Say($"the results: seqsweep leaderboard {status.Sweep}{options.HeadArgument(parsed)}");
    }

    private int Say(string hint)
    {
        options.Context.Say(hint);
        return ExitCodes.Ok;
    }
}
