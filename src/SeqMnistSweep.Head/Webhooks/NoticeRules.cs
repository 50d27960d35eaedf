using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Head.Webhooks;

/// <summary>When there is something to tell: once for the same thing. Rules only; what is stored comes in as rows.</summary>
internal sealed class NoticeRules(double failureRate)
{
    /// <summary>Fewer ended trials say nothing of a rate.</summary>
    public const int EnoughTrials = 10;

    private readonly HashSet<string> _finished = [];
    private readonly HashSet<string> _failing = [];
    private readonly Dictionary<string, long> _best = []; // configurations that were told

    /// <summary>The sweep is in another state.</summary>
    public Notice? Moved(SweepRow sweep, DateTimeOffset now)
    {
        if (!StateNames.Parse<SweepState>(sweep.State).IsFinal())
        {
            // It may be extended or retried, and end again.
            _finished.Remove(sweep.Sweep);
            return null;
        }

        return _finished.Add(sweep.Sweep)
            ? Of(
                "finished",
                $"{sweep.Sweep} is {sweep.State}{(sweep.Reason is null ? "" : $": {sweep.Reason}")}; {sweep.Completed} trials completed, "
                    + $"{sweep.Failed} failed{(sweep.Best is { } best ? $", best {sweep.Metric} {Text(best)}" : "")}",
                sweep, null, sweep.Best, now)
            : null;
    }

    /// <summary>A trial has completed.</summary>
    /// <param name="leaders">The first two rows of the leaderboard.</param>
    public Notice? Completed(SweepRow sweep, TrialRow trial, IReadOnlyList<LeaderboardRow> leaders, DateTimeOffset now)
    {
        if (leaders is not [{ IsWhole: true, Value: { } reached } best, ..] || best.Configuration != trial.Configuration) return null;

        // Equal values go to the earlier trial: with one of a lower number the best is not better than it was.
        var before = leaders is [_, { IsWhole: true } second] ? second.Value : null;
        if (before == reached || _best.GetValueOrDefault(sweep.Sweep) == best.Configuration) return null;

        _best[sweep.Sweep] = best.Configuration;
        return Of(
            "new_best",
            $"{sweep.Sweep} has a new best {sweep.Metric}: {Text(reached)} by trial "
                + $"{trial.Number}{(before is { } was ? $", before {Text(was)}" : "")}",
            sweep, trial.Trial, reached, now);
    }

    /// <summary>A trial has failed, or another one ended.</summary>
    public Notice? Ended(SweepRow sweep, DateTimeOffset now)
    {
        var ended = sweep.Completed + sweep.Pruned + sweep.Failed;
        var fails = ended >= EnoughTrials && sweep.Failed > failureRate * ended;
        if (!fails)
        {
            _failing.Remove(sweep.Sweep);
            return null;
        }

        return _failing.Add(sweep.Sweep)
            ? Of("failing", $"{sweep.Failed} of {ended} ended trials of {sweep.Sweep} have failed", sweep, null, sweep.Best, now)
            : null;
    }

    private static Notice Of(string kind, string text, SweepRow sweep, string? trial, double? value, DateTimeOffset now) =>
        new(kind, text, sweep.Sweep, sweep.State, trial, sweep.Metric, value, sweep.Completed, sweep.Failed, now);

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}

/// <summary>What a webhook is sent.</summary>
/// <param name="Kind"><c>finished</c>, <c>new_best</c> or <c>failing</c>.</param>
/// <param name="Text">The same as a sentence, which chats show.</param>
/// <param name="Trial">Its id, of a new best.</param>
/// <param name="Value">Of the sweep's metric: the new best, or the best when it ended.</param>
public sealed record Notice(
    string Kind, string Text, string Sweep, string State, string? Trial, string Metric, double? Value, long Completed, long Failed,
    DateTimeOffset Time);
