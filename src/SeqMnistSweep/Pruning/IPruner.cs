namespace SeqMnistSweep.Pruning;

/// <summary>Judges reports: may this trial go on? A pruner keeps nothing; it sees all curves of the sweep each time.</summary>
public interface IPruner
{
    /// <summary>Whether the runner waits for the verdict after this epoch. Elsewhere it trains on without one.</summary>
    bool IsRung(int epoch);

    /// <summary>The epochs at which trials are held against each other, in order; none where there are no fixed ones.</summary>
    ImmutableArray<int> Ladder => [];

    /// <param name="trial">The curve that was just extended; its last entry is the epoch to judge. Never the trial's last one.</param>
    /// <param name="others">Every other trial's curve.</param>
    Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others);

    /// <summary>Why a trial that it stops has done all its learning, as a sentence; null where it is stopped for others are
    /// better.</summary>
    string? Convergence(LearningCurve trial) => null;
}

/// <summary>A pruner that pauses trials at its rungs and says later which of them go on.</summary>
public interface IPromoter : IPruner
{
    /// <summary>The verdict on a trial that is at a rung and cannot wait there: it goes on or stops.</summary>
    /// <inheritdoc cref="IPruner.Judge" path="/param"/>
    Verdict JudgeAtOnce(LearningCurve trial, IEnumerable<LearningCurve> others);

    /// <summary>Paused trials that go on now, the first one first; none when none may yet.</summary>
    /// <param name="trials">Every trial's curve; only <see cref="TrialState.Paused"/> ones can be chosen.</param>
    /// <param name="isLast">Whether no trial runs, waits to run or will be proposed: the ranks are final.</param>
    IReadOnlyList<Promotion> Next(IReadOnlyCollection<LearningCurve> trials, bool isLast);
}

/// <param name="Reason">Why, for a person: "number 2 of 9 after epoch 3".</param>
public sealed record Promotion(int Trial, string Reason)
{
    /// <summary>The trial ends here, and another one begins in its place; null when it goes on itself.</summary>
    public Replacement? Instead { get; init; }
}

/// <summary>A new trial with the state of another one.</summary>
/// <param name="From">The trial from whose checkpoint it goes on; also paused.</param>
public sealed record Replacement(int From, ParameterSet Parameters);

/// <summary>A value of <c>early_terminate.type</c> with the settings that it takes; a setting without a default may be left out.</summary>
/// <param name="Description">One line of documentation.</param>
/// <param name="Create">From settings that are accepted and have no <see cref="Problem"/>.</param>
public sealed record PrunerType(
    string Name, string Description, ImmutableArray<TrainableParameter> Settings, Func<ParameterSet, IPruner> Create)
{
    /// <summary>The settings with those that the file leaves to the sweep: what it trains, and when it was submitted.</summary>
    public Func<ParameterSet, SweepDefinition, ParameterSet> Complete { get; init; } = (settings, _) => settings;

    /// <summary>Settings that are accepted each but make no sense together: what is wrong, and the fix. Null when nothing is.</summary>
    public Func<ParameterSet, (string Problem, string Fix)?> Problem { get; init; } = _ => null;

    /// <summary>Settings of which some do nothing beside the others: a sentence, or null.</summary>
    public Func<ParameterSet, string?> Idle { get; init; } = _ => null;

    /// <summary>The setting of that name; null where it takes none.</summary>
    public TrainableParameter? Find(string setting) => Settings.FirstOrDefault(candidate => candidate.Name == setting);
}
