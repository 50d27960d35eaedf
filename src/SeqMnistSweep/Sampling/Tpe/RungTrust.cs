using SeqMnistSweep.Pruning;

namespace SeqMnistSweep.Sampling.Tpe;

/// <summary>
/// Whether a model may be made of what rungs show. Who is good at the first rung is let on, so a model of it proposes more of the same, and
/// these take the places of all others: nothing else is ever seen at its end. Where the first epochs mislead that is worse than chance. So
/// the first rung must have proved itself: its order holds among those that went on, and among the completed ones as soon as there are some, by
/// more than chance gives (the <see cref="RungReport"/>). Ten or more completed trials need no such proof, for they are compared at their ends.
/// </summary>
internal static class RungTrust
{
    /// <summary>Of all proposals: where rungs choose, one in three is a random draw (Falkner 2018).</summary>
    public const double RandomShare = 1.0 / 3;

    /// <summary>The latest: every pair is looked at.</summary>
    private const int MaxCurves = 60;

    /// <returns>Why the first rung proves nothing, as a clause; null where it does.</returns>
    /// <param name="rung">See <see cref="FirstRung"/>.</param>
    public static string? DoubtOf(SearchHistory history, int rung)
    {
        var beyond = history.Configurations.Where(known => known.State != ObservationState.Failed && known.Curve.Length > rung).ToList();
        var completed = beyond.FindAll(known => known.State == ObservationState.Completed);
        return DoubtAmong(beyond, rung) ?? (completed.Count < RungReport.MinCurves ? null : DoubtAmong(completed, rung));
    }

    private static string? DoubtAmong(List<Observation> trials, int rung)
    {
        if (trials.Count < RungReport.MinCurves) return $"{trials.Count} trials are too few to prove epoch {rung}";

        var curves = trials.TakeLast(MaxCurves)
            .Select(known => new LearningCurve(known.Configuration, TrialState.Completed, [.. known.Curve.Select(loss => -loss)]))
            .ToList();
        var report = RungReport.Of([rung], curves.ConvertAll(curve => (curve.Values.Count, curve.Values.Count)), curves)[0];
        return report.TellsNothing ? $"epoch {rung} proves nothing: {report.Found}" : null;
    }

    /// <summary>The fewest epochs after which a trial was stopped or waits; null where that happened to none.</summary>
    public static int? FirstRung(SearchHistory history)
    {
        int? first = null;
        foreach (var known in history.Configurations)
        {
            if (known.State is ObservationState.Paused or ObservationState.Pruned && known.Curve.Length > 0
                && !(known.Curve.Length >= first))
            {
                first = known.Curve.Length;
            }
        }

        return first;
    }
}
