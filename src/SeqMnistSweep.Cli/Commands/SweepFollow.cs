using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>Watches a sweep on a head until it ends: <c>watch</c>, and <c>submit --watch</c>. Leaving never stops the sweep.</summary>
/// <param name="plain">Whether lines are wanted instead of a screen.</param>
/// <param name="lines">Where those go.</param>
internal sealed class SweepFollow(CommonOptions options, ParseResult parsed, HeadSession session, bool plain, TextWriter lines)
{
    /// <summary>Events of before that a person sees first.</summary>
    private const int Before = 20;

    /// <param name="source">The sweep's file.</param>
    /// <param name="since">Only events after this number; null lets the view decide.</param>
    /// <param name="failedIsFailure">A failed sweep is exit code 7.</param>
    public async Task<int> UntilEndAsync(SweepId sweep, string source, long? since, bool failedIsFailure, CancellationToken stop)
    {
        var context = options.Context;
        var stream = options.IsJson(parsed);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var view = stream
            ? new JsonEvents(context.Out, context.Time, context.Say)
            : SweepViews.ForPerson(
                options, parsed, SweepFile.ReadStored(source, $"{sweep}.yaml"), session.Results, plain, lines,
                "Ctrl-C leaves; the sweep goes on", left.Cancel);
        var steady = new SteadyStatus(session, sweep, context.Time, view.Say);
        try
        {
            var after = since ?? (stream ? 0 : Math.Max(0, (await steady.GetAsync(long.MaxValue, stop)).LastEvent - Before));
            var watch = new SweepWatch(
                number => steady.GetAsync(number, left.Token), call => session.SweepAsync(sweep, call, left.Token), context.Time,
                () => null);
            return Conclude(await watch.UntilEndAsync(view, after, left.Token), failedIsFailure);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            context.Say($"{sweep} goes on without you; to come back: seqsweep watch {sweep}{options.HeadArgument(parsed)}");
            stop.ThrowIfCancellationRequested();
            return ExitCodes.Ok;
        }
    }

    private int Conclude(SweepStatus status, bool failedIsFailure)
    {
        if (!status.State.IsFinal()) throw new OperationCanceledException();

        var context = options.Context;
        context.Say($"{SweepText.Headline(status)}: {status.Reason}");
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
