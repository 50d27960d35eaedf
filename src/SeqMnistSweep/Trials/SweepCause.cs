namespace SeqMnistSweep.Trials;

/// <summary>Why a sweep came into its state. In the database: <c>max_failures</c>, <c>method_failed</c> and so on.</summary>
public enum SweepCause
{
    /// <summary>Its first trial started.</summary>
    Begun,

    /// <summary>A user asked for it.</summary>
    Asked,

    /// <summary>Every trial has ended.</summary>
    Finished,

    /// <summary>Every configuration that the space has was tried.</summary>
    Exhausted,

    /// <summary>The metric's target was reached.</summary>
    Target,

    /// <summary><c>limits.stagnation</c>: so many configurations in a row brought no better value; or <c>limits.expected_improvement</c>: none is expected.</summary>
    Stagnation,

    /// <summary>A limit of time, epochs or slots was reached.</summary>
    Limit,

    /// <summary>Every trial has ended, and none was completed.</summary>
    NoTrialCompleted,

    /// <summary>The space has no configuration to try.</summary>
    NothingToTry,

    /// <summary><c>limits.max_failures</c> was reached.</summary>
    MaxFailures,

    /// <summary>The first configurations all failed by the same cause within seconds.</summary>
    FailedAlike,

    /// <summary>The first trials ended without the sweep's metric.</summary>
    NoMetric,

    /// <summary>The method could propose nothing: what it threw is in the reason.</summary>
    MethodFailed,

    /// <summary>The pruner could not judge: what it threw is in the reason.</summary>
    PrunerFailed,

    /// <summary>A decision failed again and again by a mistake of this program.</summary>
    InternalError,
}
