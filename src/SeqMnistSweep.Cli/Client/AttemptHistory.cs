using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Cli.Client;

/// <summary>One attempt of a trial, as the event log tells it.</summary>
/// <param name="Number">Counted from 1 over the grants.</param>
/// <param name="Started">Null for one that was granted and never began.</param>
/// <param name="End">The state it left the trial in; null while it goes on.</param>
/// <param name="Reason">Why it ended; why it was granted while it goes on.</param>
internal sealed record AttemptHistory(int Number, string Worker, string Granted, string? Started, string? Ended, string? End, string Reason)
{
    /// <param name="events">All of one trial, in order.</param>
    public static IReadOnlyList<AttemptHistory> Of(IEnumerable<EventRow> events)
    {
        var attempts = new List<AttemptHistory>();
        foreach (var happened in events.Where(happened => happened.ToState is not null))
        {
            switch (happened.FromState, happened.ToState)
            {
                case (_, "leased"):
                    attempts.Add(new AttemptHistory(attempts.Count + 1, happened.Actor, happened.Time, null, null, null, happened.Reason));
                    break;
                case ("leased", "running") when attempts.Count > 0:
                    attempts[^1] = attempts[^1] with { Started = happened.Time, Reason = happened.Reason };
                    break;
                case ("leased" or "running", _) when attempts.Count > 0:
                    attempts[^1] = attempts[^1] with { Ended = happened.Time, End = happened.ToState, Reason = happened.Reason };
                    break;
            }
        }

        return attempts;
    }
}
