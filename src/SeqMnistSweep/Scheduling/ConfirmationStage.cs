namespace SeqMnistSweep.Scheduling;

/// <summary>Queues the trials by which the best configurations are confirmed. What is missing of them follows from the definition and the
/// trials that there are, so nothing is kept of how far it has come.</summary>
internal sealed class ConfirmationStage(SweepLedger ledger)
{
    /// <summary>Whether the search has found a configuration that can be confirmed.</summary>
    public bool HasCandidates => Ranked(ledger.Definition).Count > 0;

    /// <summary>To be asked when the search has ended and nothing runs.</summary>
    /// <returns>Whether there was something to queue.</returns>
    public bool Begin(DateTimeOffset now)
    {
        var missing = Missing(ledger.Definition);
        if (missing.Count == 0) return false;

        var configurations = missing.Select(trial => trial.Configuration).Distinct().ToList();
        ledger.Update(ledger.Sweep with { Planned = ledger.Sweep.Planned + missing.Count });
        foreach (var (configuration, seed) in missing)
        {
            var parameters = ledger.Configurations.ParametersOf(configuration);
            if (parameters[TrainableDescription.Seed] is not null)
            {
                parameters = parameters.With(TrainableDescription.Seed, ParameterValue.Of(seed));
            }

            var origin = $"confirms configuration {configuration} under a fresh seed";
            ledger.Add(configuration, parameters, seed, origin, now, TrialPurpose.Confirmation);
        }

        ledger.Log(
            new Occurrence.SweepChanged(),
            $"the search has ended: the best are confirmed by {Plural.Of(missing.Count, "trial")} under fresh seeds, "
                + $"configuration{(configurations.Count == 1 ? "" : "s")} {string.Join(", ", configurations.Take(10))}"
                + (configurations.Count > 10 ? " and others" : ""),
            SweepLedger.Schedule, now);
        return true;
    }

    /// <summary>Trials that a definition asks for and that are not made, or ended with the sweep; none where it asks for none.</summary>
    public List<(int Configuration, long Seed)> Missing(SweepDefinition definition)
    {
        if (definition.Confirm is not { } plan || ConfirmPlan.WhyNot(definition) is not null) return [];

        var seeds = FreshSeeds.After(definition.Seeds.Base ?? TrainableDescription.DefaultSeed, SearchedSeeds(), plan.Seeds).ToList();
        var made = ledger.Trials.Values
            .Where(trial => !trial.IsOfSearch
                && trial is not { State: TrialState.Cancelled, StateCause: TransitionCause.SweepEnded })
            .Select(trial => (trial.Configuration, trial.Seed)).ToHashSet();
        return [.. from configuration in Ranked(definition).Take(plan.Top)
            from seed in seeds
            where !made.Contains((configuration, seed))
            select (configuration, seed)];
    }

    private List<int> Ranked(SweepDefinition definition) =>
        SearchRanking.Of(Searched, definition.Seeds.Count, definition.Metric.Maximize);

    private IEnumerable<TrialRecord> Searched => ledger.Trials.Values.Where(trial => trial.IsOfSearch);

    /// <summary>Those beside the ones that are counted up from the first.</summary>
    private HashSet<long> SearchedSeeds() => ledger.Definition.Space.Find(TrainableDescription.Seed) is null
        ? []
        : [.. Searched.Select(trial => trial.Seed)];
}
