using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Scheduling;

/// <summary>What is kept of the words of an attempt. Who said them cannot be asked again, so they are cut and not refused.</summary>
public static class BoundedEvents
{
    /// <summary>Facts that a trainable may tell of itself.</summary>
    public const int MaxFacts = 100;

    /// <summary>Characters of a fact: some are tables.</summary>
    public const int MaxFact = 1 << 20;

    /// <summary>The same event with texts and lists of a size that can be kept and shown.</summary>
    public static AttemptEvent Bounded(this AttemptEvent happened) => happened switch
    {
        AttemptEvent.Started(var device) => new AttemptEvent.Started(OutsideText.Name(device)),
        AttemptEvent.Described(var facts) => new AttemptEvent.Described(Kept(facts)),
        AttemptEvent.Reported({ Metrics: var metrics } report, _) reported when Kept(metrics) is var kept && kept.Count < metrics.Count =>
            reported with { Report = report with { Metrics = kept } },
        AttemptEvent.Completed { NearMiss: { } near } done => done with { NearMiss = OutsideText.Sentence(near) },
        AttemptEvent.Released(var reason) => new AttemptEvent.Released(OutsideText.Sentence(reason)),
        AttemptEvent.Failed(var cause, var message) => new AttemptEvent.Failed(cause, OutsideText.Sentence(message)),
        AttemptEvent.Killed(var message) => new AttemptEvent.Killed(OutsideText.Sentence(message)),
        AttemptEvent.CheckpointLost(var file, var reason) => new AttemptEvent.CheckpointLost(file, OutsideText.Sentence(reason)),
        _ => happened,
    };

    private static ImmutableSortedDictionary<string, string> Kept(ImmutableSortedDictionary<string, string> facts) =>
        facts.Count <= MaxFacts && facts.All(IsFact) ? facts : facts.Where(IsFact).Take(MaxFacts).ToImmutableSortedDictionary();

    private static ImmutableSortedDictionary<string, double> Kept(ImmutableSortedDictionary<string, double> metrics) =>
        metrics.Count <= OutsideText.MaxNames && metrics.Keys.All(name => OutsideText.IsName(name))
            ? metrics
            : metrics.Where(metric => OutsideText.IsName(metric.Key)).Take(OutsideText.MaxNames)
                .ToImmutableSortedDictionary(metrics.KeyComparer);

    private static bool IsFact(KeyValuePair<string, string> fact) => OutsideText.IsName(fact.Key) && fact.Value?.Length <= MaxFact;
}
